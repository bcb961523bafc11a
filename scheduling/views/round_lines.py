"""The table of a round's proposals: a page of it, with what it says and where its buttons lead."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.money import money_words
from scheduling.forms.round_filter import LinesFilter
from scheduling.models import Proposal
from scheduling.queries.rounds import lines, pages
from scheduling.queries.rounds.trials import hidden_from
from scheduling.round_states import ProposalState
from scheduling.views.reason_amounts import next_best
from scheduling.views.round_words import CURRENCY, URGENCIES, part_of_need, passed, why

PER_PAGE = 25


@dataclass(frozen=True)
class Effects:
    """What one proposal does, as bars on scales that are the same for the whole round.

    ``had`` of ``has``: percent of its borrower's weighted needs without it and with it; ``saved``
    and ``far``: (percent of the largest in the round, words)."""

    part: str
    had: int | None
    has: int
    saved: tuple[int, str] | None
    far: tuple[int, str]


def table_of(run, query, page) -> dict:
    """Context of ``lines.html`` and of the button that publishes; ``query``: the GET parameters;
    ``page``: the view, which knows the addresses."""
    form = LinesFilter(query, hospitals=lines.hospitals_in(run), codes=run.kinds)
    chosen = form.values()
    rows = pages.lines_of(run)
    some = lines.narrowed(rows, hospital=chosen["hospital"], kind=chosen["kind"])
    found = lines.shown(some, chosen["show"])
    here = Paginator(found, PER_PAGE).get_page(query.get("page"))
    counts = lines.numbers(some)
    return {
        "form": form,
        "groups": _grouped(run, here.object_list, lines.per_urgency(found), page),
        "page": here,
        "show": chosen["show"],
        "query": _query(chosen),
        "tabs": _tabs(counts, chosen),
        "narrowed": any(value for value in chosen.values()),
    }


def _query(chosen: dict, **other) -> str:
    kept = {name: value for name, value in (chosen | other).items() if value}
    return f"{urlencode(kept)}&" if kept else ""


def _tabs(counts: dict[str, int], chosen: dict) -> list[tuple[str, str, int, bool]]:
    """(words, query, number, chosen): all, pinned, and each state that is not that of all."""
    labels = {"": _("All"), lines.PINNED: _("Pinned")} | dict(ProposalState.choices)
    sums = {"": counts["all"], lines.PINNED: counts["pinned_ones"]}
    for state in ProposalState:
        if 0 < counts[state] < counts["all"] or state == chosen["show"]:
            sums[state.value] = counts[state]
    return [
        (str(labels[name]), _query(chosen, show=name), number, name == chosen["show"])
        for name, number in sums.items()
    ]


def _grouped(run, rows, sums: dict[int, tuple[int, int]], page) -> list[dict]:
    """Lines by urgency; the heading of each counts needs, on all pages together."""
    scales = lines.scales(run)
    hidden = hidden_from(page.whose, rows) if run.consortium_id and page.whose else frozenset()
    groups: dict[int, list] = {}
    for row in rows:
        line = _line(row, scales, page) | {"named": row.resource_id not in hidden}
        groups.setdefault(row.urgency, []).append(line)
    return [
        {
            "words": URGENCIES[level][0],
            "icon": URGENCIES[level][1],
            "lines": found,
            "counted": _counted(*sums.get(level, (0, 0))),
        }
        for level, found in groups.items()
    ]


def _counted(needs: int, proposals: int) -> str:
    words = ngettext("%(n)s need", "%(n)s needs", needs) % {"n": needs}
    if proposals == needs:
        return words
    offers = ngettext("by %(n)s offer", "by %(n)s offers", proposals) % {"n": proposals}
    return f"{words} {offers}"


def _line(row: Proposal, scales: lines.Scales, page) -> dict:
    return {
        "row": row,
        "why": why(row),
        "passed": passed(row),
        "next": next_best(row.why),
        "effects": effects_of(row, scales),
        "pin_url": page.address("proposal-pin", row.run_id, row.pk),
        "strike_url": page.address("proposal-strike", row.run_id, row.pk),
        "restore_url": page.address("proposal-restore", row.run_id, row.pk),
    }


def effects_of(row: Proposal, scales: lines.Scales) -> Effects:
    effect, saved = row.effect, row.effect.get("saved", 0)
    return Effects(
        part=part_of_need(row),
        had=effect.get("before"),
        has=effect.get("after", 0),
        saved=(_share(saved, scales.saved), money_words(saved, CURRENCY)) if saved else None,
        far=(
            _share(row.kilometres, scales.kilometres),
            _("%(km)s km by road") % {"km": f"{row.kilometres:g}"},
        ),
    )


def _share(value: float, most: float) -> int:
    return round(100 * value / most) if most else 0
