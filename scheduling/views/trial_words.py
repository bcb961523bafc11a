"""The outcome of a what-if in words: who gains, who loses, and what it does tier by tier."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.money import money_words
from scheduling.actions.rounds.trying import Trial
from scheduling.matching.problem import Match, Urgency
from scheduling.matching.trial import NEW
from scheduling.queries.rounds.draft import key_of
from scheduling.queries.rounds.trials import Names
from scheduling.views.round_words import CURRENCY, TIERS

EPSILON = 1e-6
# Tiers whose values say something by themselves.
WITH_UNIT = {
    "waste": gettext_lazy("Medicine waste avoided"),
    "travel": gettext_lazy("Transport"),
}
OF_URGENCY = {
    Urgency.CRITICAL: gettext_lazy("Emergency needs met"),
    Urgency.URGENT: gettext_lazy("Urgent needs met"),
    Urgency.ROUTINE: gettext_lazy("Routine needs met"),
}


@dataclass(frozen=True)
class Changed:
    """A need or a hospital: percent before and after; ``by``: who would serve it."""

    title: str
    meta: str
    before: int
    after: int
    by: str = ""


@dataclass(frozen=True)
class TierRow:
    words: str
    before: str
    after: str
    tone: str
    verdict: str


@dataclass(frozen=True)
class Told:
    headline: str
    lead: str
    gain: list[Changed]
    lose: list[Changed]
    hospitals: list[Changed]
    sums: list[TierRow]
    tiers: list[TierRow]
    cut: int


def told(trial: Trial, names: Names, nothing: str) -> Told:
    """``nothing``: what is said where nothing would change."""
    outcome, served = trial.outcome, _by_need(trial, names)
    changes = [
        Changed(
            names.need(change.need),
            names.meta(change.need),
            round(100 * change.before),
            round(100 * change.after),
            served.get(change.need, ""),
        )
        for change in outcome.changes
    ]
    gain = [row for row in changes if row.after > row.before]
    lose = [row for row in changes if row.after < row.before]
    mine = {row.id for row in trial.copy.parts}
    own = [change for change in outcome.changes if change.need in mine]
    return Told(
        headline=_headline(own, changes, nothing),
        lead=_lead(outcome.unmet),
        gain=gain,
        lose=lose,
        hospitals=[
            Changed(
                names.hospital(row.institution), "", round(100 * row.before), round(100 * row.after)
            )
            for row in outcome.hospitals
        ],
        sums=_sums(outcome),
        tiers=[_tier(*pair) for pair in outcome.tiers],
        cut=outcome.cut,
    )


def _headline(own: list, changes: list, nothing: str) -> str:
    if any(change.after > change.before for change in own):
        part = max(change.after for change in own)
        if part >= 1 - EPSILON:
            return _("This need would be met")
        return _("%(n)s %% of this need would be met") % {"n": round(100 * part)}
    if changes:
        return _("This need would stay unmet; others would change")
    return nothing


def _lead(unmet: tuple[int, int]) -> str:
    words = ngettext(
        "%(n)s need of this kind is not wholly met; with the change %(after)s.",
        "%(n)s needs of this kind are not wholly met; with the change %(after)s.",
        unmet[0],
    )
    return words % {"n": unmet[0], "after": unmet[1]}


def _by_need(trial: Trial, names: Names) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for match in trial.outcome.new:
        found.setdefault(match.need, []).append(_offer(match, names))
    return {need: ", ".join(offers) for need, offers in found.items()}


def _offer(match: Match, names: Names) -> str:
    words = _("the new offer") if match.offer == NEW else names.offer(match.offer)
    return f"{words} × {match.quantity}" if match.quantity > 1 else words


def _sums(outcome) -> list[TierRow]:
    """Needs and percent; then what has a unit of its own."""
    rows = [
        _row(OF_URGENCY[level], before, after, partial(_of_all, number))
        for level, (number, before, after) in outcome.served.items()
    ]
    if outcome.lowest is not None:
        rows.append(_row(_("Lowest-served hospital"), *outcome.lowest, _percent))
    units = [pair for pair in outcome.tiers if pair[0].name in WITH_UNIT]
    return rows + [
        _row(WITH_UNIT[one.name], one.value, two.value, partial(_value, one.name))
        for one, two in units
    ]


def _tier(before, after) -> TierRow:
    words = str(TIERS.get(before.name, before.name))
    return _row(words, before.value, after.value, partial(_value, before.name))


def _row(words, before: float, after: float, said: Callable[[float], str]) -> TierRow:
    """More is better."""
    change = after - before
    tone, verdict = "neutral", _("as before")
    if said(before) == said(after):
        change = 0  # less than is shown
    if change > EPSILON:
        tone, verdict = "ok", _("better")
    if change < -EPSILON:
        tone, verdict = "warn", _("worse")
    return TierRow(str(words), said(before), said(after), tone, verdict)


def _of_all(number: int, served: float) -> str:
    words = {"n": _plain(served), "all": number, "share": round(100 * served / number)}
    return _("%(n)s of %(all)s, %(share)s %%") % words


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _plain(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _value(name: str, value: float) -> str:
    if name == "waste":
        return money_words(round(value), CURRENCY)
    if name == "travel":
        return f"{-value:,.0f} km"
    return _plain(value)


def names_wanted(trial: Trial) -> tuple[set[int], set[int], set[str]]:
    """Keys of needs and resources, and short names of institutions, that ``told`` will ask for."""
    outcome = trial.outcome
    needs = {key_of(row.need) for row in (*outcome.changes, *outcome.new)}
    offers = {key_of(row.offer) for row in outcome.new if row.offer != NEW}
    return needs, offers, {row.institution for row in outcome.hospitals}
