"""What stands around the lanes of a calendar, as furniture: only addresses and drawings differ."""

from dataclasses import dataclass

from medshare_portal.furniture import FEW, MANY, Furniture, place
from scheduling.forms.calendar import VIEWS
from scheduling.timeline import svg


@dataclass(frozen=True)
class Heading:
    """The bar above the calendar of one institution; ``numbered``: a week has its number."""

    slug: str
    view: str
    numbered: bool

    def context(self) -> dict:
        places = ("previous_url", "next_url", "today_url", "period", "week_number")
        return {
            "slug": self.slug,
            "numbered": self.numbered,
            "views": [(label, place(f"{name}_url"), name == self.view) for name, label in VIEWS],
        } | {name: place(name) for name in places}


@dataclass(frozen=True)
class Board:
    """The scale, the lanes and what their colours mean: the same for all."""

    def context(self) -> dict:
        places = ("grid", "period", "axis_head", "lines")
        return {"legend": svg.key()} | {name: place(name) for name in places}


HEADING = Furniture("scheduling/calendar/heading.html", MANY)
BOARD = Furniture("scheduling/calendar/board.html", FEW)


def heading(slug: str, view: str, title: tuple[str, str], addresses: dict[str, str]):
    """``title``: the period and its week; ``addresses``: of the other periods and of each view."""
    period, week_number = title
    shared = Heading(slug, view, bool(week_number))
    return HEADING.filled(shared, addresses | {"period": period, "week_number": week_number})


def drawing(**drawings: str):
    """The board with its ``drawings``: grid, axis_head, lines; and the period in words."""
    return BOARD.filled(Board(), drawings)
