"""Who gives to whom, drawn like a map: an SVG of the institutions where they lie, and lines whose
width is the number of proposals."""

from collections import Counter
from dataclasses import dataclass

from medshare_portal.models import Institution, Site

WIDTH, HEIGHT, EDGE = 640, 400, 46
MOST_LINES, MOST_NAMES = 40, 14


@dataclass(frozen=True)
class Place:
    name: str
    x: float
    y: float
    gives: int
    takes: int
    named: bool

    @property
    def radius(self) -> float:
        return round(min(4 + 1.2 * (self.gives + self.takes) ** 0.5, 12), 1)

    @property
    def anchor(self) -> str:
        """Names stay within the picture."""
        return "end" if self.x > WIDTH - 150 else "start"

    @property
    def text_x(self) -> float:
        return self.x - self.radius - 4 if self.anchor == "end" else self.x + self.radius + 4


@dataclass(frozen=True)
class Flow:
    """A line from the owner to the borrower, bent so that both ways can be told apart."""

    giver: Place
    taker: Place
    number: int

    @property
    def width(self) -> float:
        return round(min(1.4 + 0.9 * (self.number - 1), 7), 1)

    @property
    def path(self) -> str:
        first, last = self.giver, self.taker
        middle_x, middle_y = (first.x + last.x) / 2, (first.y + last.y) / 2
        bend_x, bend_y = (last.y - first.y) * 0.16, (first.x - last.x) * 0.16
        bent = f"{middle_x + bend_x:.1f} {middle_y + bend_y:.1f}"
        return f"M{first.x} {first.y}Q{bent} {last.x} {last.y}"


@dataclass(frozen=True)
class Flows:
    places: list[Place]
    lines: list[Flow]
    width: int = WIDTH
    height: int = HEIGHT


def flows(proposals) -> Flows | None:
    """Of the busiest pairs; two statements.  None where nothing flows."""
    pairs = Counter(proposals.order_by().values_list("owner", "borrower"))
    if not pairs:
        return None
    chosen = pairs.most_common(MOST_LINES)
    places = _places(Counter(dict(chosen)))
    lines = [
        Flow(places[owner], places[borrower], number)
        for (owner, borrower), number in chosen
        if owner in places and borrower in places
    ]
    return Flows(list(places.values()), lines)


def _places(pairs: Counter) -> dict[int, Place]:
    gives, takes = Counter(), Counter()
    for (owner, borrower), number in pairs.items():
        gives[owner] += number
        takes[borrower] += number
    both = gives + takes
    points = _points(both.keys())
    named = {pk for pk, _number in both.most_common(MOST_NAMES)}
    names = Institution.objects.directory().in_bulk(list(points))
    return {
        pk: Place(names[pk].name, x, y, gives[pk], takes[pk], pk in named)
        for pk, (x, y) in points.items()
        if pk in names
    }


def _points(institutions) -> dict[int, tuple[float, float]]:
    """Main sites on the paper; north is up."""
    where = {}
    rows = Site.objects.directory().filter(institution__in=list(institutions))
    for site in rows.order_by("is_main", "-pk"):  # the main one comes last
        where[site.institution_id] = (site.longitude, site.latitude)
    if not where:
        return {}
    longitudes, latitudes = zip(*where.values(), strict=True)
    return {
        pk: (
            _scaled(longitude, min(longitudes), max(longitudes), EDGE, WIDTH - EDGE),
            _scaled(latitude, min(latitudes), max(latitudes), HEIGHT - EDGE, EDGE),
        )
        for pk, (longitude, latitude) in where.items()
    }


def _scaled(value: float, least: float, most: float, first: float, last: float) -> float:
    share = (value - least) / (most - least) if most > least else 0.5
    return round(first + share * (last - first), 1)
