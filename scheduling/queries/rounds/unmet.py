"""Why a need stayed unmet: what was left after each rule, or who held what it could have had."""

from collections import defaultdict
from collections.abc import Iterable

from resources.models import Resource
from scheduling.matching.own_first import at_home
from scheduling.matching.problem import IN_PARTS
from scheduling.matching.reasons import Reason
from scheduling.models import Need, Proposal, UnmetNeed
from scheduling.queries.rounds.draft import URGENCY, key_of
from scheduling.queries.rounds.figures import Measured
from scheduling.queries.rounds.problem import Drawn
from scheduling.states import Priority

NOT_LOOKED_AT, AT_HOME = "not_looked_at", "at_home"


def unmet_needs(
    proposals: Iterable[Proposal], drawn: Drawn, of: Measured, refused: dict
) -> list[UnmetNeed]:
    """One row for each need of which something is missing, not saved yet."""
    given: dict[int, int] = defaultdict(int)
    for row in proposals:
        given[row.need_id] += row.quantity
    own = _at_home(of)
    missing = {
        pk: drawn.draft.remaining[pk] - given[pk]
        for pk in drawn.needs
        if drawn.draft.remaining[pk] > given[pk]
    }
    asked = {pk for pk, number in missing.items() if number > own[pk]}
    reasons = _reasons(of, asked - drawn.left_out.keys(), refused)
    reasons |= {pk: (AT_HOME, {}) for pk in missing.keys() - asked}
    return [
        _row(drawn.needs[pk], number, given[pk], _why(pk, drawn, reasons), drawn.draft.meant)
        for pk, number in missing.items()
    ]


def _at_home(of: Measured) -> dict[int, int]:
    """Need → how much of it its own hospital has."""
    found: dict[int, int] = defaultdict(int)
    for match in at_home(of.problem):
        found[key_of(match.need)] += match.quantity
    return found


def _row(
    need: Need, missing: int, given: int, why: tuple[str, dict], meant: dict[int, Resource]
) -> UnmetNeed:
    code, data = why
    if need.pk in meant:
        data = data | {"name": [meant[need.pk].name_en, meant[need.pk].name_zh]}
    return UnmetNeed(
        need=need,
        institution=need.institution,
        kind=need.kind,
        need_ref=f"N-{need.pk}",
        urgency=URGENCY[Priority(need.priority)].value,
        quantity=missing,
        code=code,
        data=data | {"given": given},
    )


def _why(pk: int, drawn: Drawn, reasons: dict) -> tuple[str, dict]:
    if pk in drawn.left_out:
        return drawn.left_out[pk], {}
    return reasons.get(pk, (NOT_LOOKED_AT, {}))


def _reasons(of: Measured, missing: set[int], refused: dict) -> dict[int, tuple[str, dict]]:
    """Need → (code, data) of its first unserved part."""
    served = {match.need for match in of.plan.matches}
    rules: dict[str, set[str]] = defaultdict(set)
    for (need, _offer), codes in refused.items():
        rules[need].update(codes)
    used_up = _all_it_can_use(of)
    found: dict[int, tuple[str, dict]] = {}
    for kind in of.candidates:
        for need in of.problem.needs(kind):
            key = key_of(need.id)
            whole = need.id in served and kind not in IN_PARTS
            if key in missing and key not in found and not whole:
                reason = of.explainers[kind].need(need.id)
                data = _data(reason, sorted(rules[need.id]))
                if need.id in used_up:
                    data["use"] = True
                found[key] = reason.verdict.value, data
    return found


def _all_it_can_use(of: Measured) -> set[str]:
    """Needs that get of a lot all that their institution can use before it expires."""
    limits = {(row.institution, row.lot): row.packs for row in of.problem.use_limits}
    homes = {need.id: need.institution for kind in IN_PARTS for need in of.problem.needs(kind)}
    return {
        match.need
        for match in of.plan.matches
        if limits.get((homes.get(match.need), match.offer)) == match.quantity
    }


def funnel_of(reason: Reason) -> list[list]:
    """[code, offers left] of all there are, then after each rule."""
    return [["all", reason.offers], *([step.code, step.left] for step in reason.funnel)]


def _data(reason: Reason, rules: list[str]) -> dict:
    """``funnel`` ends with the first rule that left nobody."""
    steps = funnel_of(reason)
    stop = next((at for at, (_code, left) in enumerate(steps) if not left), len(steps))
    data = {"funnel": steps[: stop + 1], "rules": rules}
    if reason.relaxation is not None:
        gap = reason.relaxation
        data["relax"] = {"code": gap.code, "opens": gap.opens, "amount": gap.amount}
    if reason.outbid is not None:
        bid = reason.outbid
        data["held_by"], data["minutes"] = bid.held_by and bid.held_by.value, bid.travel_minutes
        data["price"], data["worth"] = round(bid.price, 4), round(bid.worth, 4)
    if reason.fairness is not None:
        data["fill"] = round(100 * reason.fairness.fill)
        data["fill_without"] = round(100 * reason.fairness.fill_without)
    return data
