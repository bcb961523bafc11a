"""The figures of a round as its page shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.money import money_words
from resources.kinds import kinds
from scheduling.matching.plan import Tier
from scheduling.models import MatchingRun
from scheduling.round_states import RoundAim, RoundScope
from scheduling.views.round_words import CURRENCY, NOTES, PLAN, TIERS, WAYS, WITHOUT

PROVEN = 1e-6  # a smaller gap is rounding
STATUS = {
    "optimal": gettext_lazy("proven the best"),
    "feasible": gettext_lazy("with a bound"),
    "stopped": gettext_lazy("stopped early"),
}


@dataclass(frozen=True)
class Bar:
    """``share``: percent of the column's largest."""

    words: str
    share: int


@dataclass(frozen=True)
class Price:
    """What fairness costs: ``rows`` with it and without it (words, needs met, percent that the
    lowest-served hospital gets)."""

    headline: str
    rows: list[tuple[str, Bar, Bar]]


@dataclass(frozen=True)
class Figures:
    """``met``: (met in full, in part, not at all); ``columns``: headings with their unit;
    ``ways``: of the round and of both simple ways (words, bars in the order of the columns);
    ``unfair``: those of them that break a rule (words, how many rules)."""

    all: int
    full: int
    part: int
    unmet: int
    emergencies: str
    columns: list[tuple[str, str]]
    ways: list[tuple[str, list[Bar]]]
    unfair: list[tuple[str, int]]
    proofs: list[tuple[str, str, list[tuple[str, str]]]]
    notes: list[tuple[str, str]]
    seconds: float
    scope: str
    fairness: Price | None
    aims: str

    @property
    def shares(self) -> tuple[int, int, int]:
        whole = max(self.all, 1)
        full, part = round(100 * self.full / whole), round(100 * self.part / whole)
        return full, part, max(0, 100 - full - part)


def figures_of(run: MatchingRun) -> Figures:
    results = run.results
    asked = sum(results["needs"].values())
    full, part = sum(results["full"].values()), sum(results["part"].values())
    found = results["kinds"]
    return Figures(
        all=asked,
        full=full,
        part=part,
        unmet=asked - full - part,
        emergencies=_emergencies(results),
        columns=_columns(results),
        ways=_ways(results),
        unfair=_unfair(results["compare"]),
        proofs=[
            (label_of(code), _status(code, results), _tiers(row)) for code, row in found.items()
        ],
        notes=[
            (label_of(code), _note(note)) for code, row in found.items() for note in row["notes"]
        ],
        seconds=round(sum(row["seconds"] for row in found.values()), 1),
        scope=_scope(run),
        fairness=price_of(results["compare"]),
        aims=" → ".join(str(TIERS[aim]) for aim in RoundAim if aim not in run.left_out),
    )


def _emergencies(results: dict) -> str:
    """What became of the most pressing needs; nothing where there were none."""
    asked, full, part = (results[name].get("1", 0) for name in ("needs", "full", "part"))
    unmet = asked - full - part
    if unmet:
        return _("%(n)s of %(all)s emergencies stay unmet") % {"n": unmet, "all": asked}
    if part:
        words = ngettext(
            "every emergency is covered, %(n)s only in part",
            "every emergency is covered, %(n)s only in part",
            part,
        )
        return words % {"n": part}
    return _("every emergency is covered") if asked else ""


def price_of(compare: dict) -> Price | None:
    """None where fairness did not count, or nobody reckoned the round without it."""
    if WITHOUT not in compare:
        return None
    ways = [(str(WAYS[PLAN]), compare[PLAN]), (_("Without fairness"), compare[WITHOUT])]
    met = [sum(sums["served"].values()) for _words, sums in ways]
    lowest = [sums["lowest"] or 0 for _words, sums in ways]
    return Price(
        _cost_in_words(*met),
        [
            (words, _bar(needs, max(met), 0), Bar(f"{low} %", low))
            for (words, _sums), needs, low in zip(ways, met, lowest, strict=True)
        ],
    )


def _cost_in_words(with_it: int, without: int) -> str:
    if with_it >= without:
        return _("Fairness costs no need")
    lost = without - with_it
    words = ngettext(
        "Fairness costs %(n)s need, %(share)s %%", "Fairness costs %(n)s needs, %(share)s %%", lost
    )
    return words % {"n": lost, "share": f"{100 * lost / without:.1f}"}


def label_of(code: str) -> str:
    return str(kinds[code].label)


def _note(note: str) -> str:
    """In words; after the colon of the matcher's comes what happened."""
    code, _colon, what = note.partition(": ")
    words = str(NOTES.get(code, code))
    return f"{words} ({what})" if what else words


def _scope(run: MatchingRun) -> str:
    if run.scope == RoundScope.CONSORTIUM:
        return run.consortium.name
    return run.institution.name if run.institution else str(RoundScope.CITY.label)


def _columns(results: dict) -> list[tuple[str, str]]:
    """Of urgencies only those that were asked for."""
    named = {"1": _("Emergency needs met"), "2": _("Urgent needs met"), "3": _("Routine needs met")}
    found = [
        (words, _("of %(n)s, full or part") % {"n": results["needs"].get(level, 0)})
        for level, words in named.items()
    ]
    return [
        *found,
        (_("Lowest-served hospital"), _("percent of its weighted needs that any offer fits")),
        (_("Medicine waste avoided"), _("fuller is better")),
        (_("Transport"), _("km, fewer is better")),
    ]


def _ways(results: dict) -> list[tuple[str, list[Bar]]]:
    columns = [[_value(results["compare"][way], at) for way in WAYS] for at in range(6)]
    return [
        (str(words), [_bar(column[place], max(column), at) for at, column in enumerate(columns)])
        for place, words in enumerate(WAYS.values())
    ]


def _unfair(compare: dict) -> list[tuple[str, int]]:
    """Rounds of before do not know; what they proposed was checked, both simple ways were not."""
    broken = [(str(words), compare[way].get("broken", 0)) for way, words in WAYS.items()]
    return [(words, number) for words, number in broken if number]


def _value(sums: dict, column: int) -> float:
    values = [*(sums["served"][level] for level in ("1", "2", "3")), sums["lowest"] or 0]
    return [*values, sums["waste"], sums["kilometres"]][column]


def _bar(value: float, most: float, column: int) -> Bar:
    words = {3: f"{value} %", 4: money_words(int(value), CURRENCY), 5: f"{value:,} km"}
    return Bar(words.get(column, f"{value:,}"), round(100 * value / most) if most else 0)


def _status(code: str, results: dict) -> str:
    row, revision = results["kinds"][code], results.get("revision")
    known = any(bound is not None for _name, _value, bound in row["tiers"])
    if row["status"] != "feasible" or known:
        return str(STATUS[row["status"]])
    if revision and code not in revision.get("anew", ()):
        return _("no bound: only what changed was decided again")
    return _("no bound is known")


def _tiers(row: dict) -> list[tuple[str, str]]:
    """How far each tier is from the best possible, where that is known."""
    found = []
    for name, value, bound in row["tiers"]:
        gap = Tier(name, value, bound).gap
        if gap is not None:
            words = (
                _("proven") if gap < 1e-6 else _("within %(gap)s %%") % {"gap": f"{100 * gap:.1f}"}
            )
            found.append((str(TIERS.get(name, name)), words))
    return found
