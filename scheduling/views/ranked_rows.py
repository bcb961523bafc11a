"""Who could serve a need now, as rows: what each has for it, and why the closest others are out."""

from collections.abc import Callable
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_period
from resources.tables import asked_price
from scheduling.matching.ranking import better_in
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.suitable import Found, Suitable, Unsuitable
from scheduling.queries.rounds.wanted import Wanted
from scheduling.verdicts import short_words
from scheduling.views.round_words import LEFT_OUT, RULES, Step

SEEN = _lazy("offered to you and meant by it")
RULES_OF_WORKFLOW, ALLOWED = "rules", _lazy("allowed by the workflow’s rules")
THEN = _lazy("with something free or left in that time")
MORE, KEEPS = _lazy("gives more of it"), _lazy("leaves to others what only it can give them")
OF_THIS_PAGE = {
    "all": SEEN,
    "drawn": THEN,
    "struck": _lazy("neither asked nor declined already"),
    RULES_OF_WORKFLOW: ALLOWED,
}
# Why something comes before the next, by the tier in which it is better.
BETTER = {"waste": _lazy("saves more from expiry"), "travel": _lazy("is nearer")}
# Why something is out, by the rule of the matcher that alone keeps it out.
OUT = {
    "absent": _lazy("nothing free or left in that time"),
    "window": _lazy("not free for all of that time"),
    "available": _lazy("not offered for all of that time"),
    "booked": _lazy("at work elsewhere then"),
    "rest": _lazy("too little rest before or after"),
    "weekly_hours": _lazy("over the weekly hours"),
    "travel": _lazy("farther than you look"),
    "life": _lazy("too few days of life left"),
    "use": _lazy("you would not use it up in time, as far as your use is known"),
    "certificate": _lazy("nobody here is trained to operate it"),
    "capability": _lazy("not lent for so long, or not of this sort"),
    "approved": _lazy("may not work at your hospital yet"),
    "cold": _lazy("you cannot keep it cold"),
    "cold_reach": _lazy("does not stay cold on the way"),
    "licence": _lazy("needs a licence that you do not hold"),
    "practice": _lazy("a practice licence ends before"),
    "record": _lazy("its record is incomplete"),
    "arrival": _lazy("too few days left at arrival"),
}
# By how much; of people nothing more is told of their other work than the rule.
AMOUNTS = {
    "travel": _lazy("%(n)s min too far"),
    "cold_reach": _lazy("does not stay cold on the last %(n)s min"),
    "life": _lazy("%(n)s days of life too few"),
    "arrival": _lazy("%(n)s days too few at arrival"),
}


def ranking_for(wanted: Wanted, found: Found, *, ask: Callable, zone, now) -> dict:
    """Context of ``scheduling/ranked/list.html``; ``ask(suitable)``: address that asks for it."""
    pairs = zip_longest(found.suitable, found.suitable[1:])
    return {
        "number": found.number,
        "rows": [
            _row(wanted, one, other, place, ask=ask, zone=zone, now=now)
            for place, (one, other) in enumerate(pairs, 1)
        ],
        "out": [_out(one) for one in found.unsuitable],
        "funnel": [] if found.suitable else _steps(found),
        "left_out": str(LEFT_OUT.get(found.left_out, "")),
    }


def _row(wanted: Wanted, one: Suitable, other: Suitable | None, place: int, *, ask, zone, now):
    resource, warnings = one.resource, one.findings.warnings
    facts = [_way(one.kilometres, one.choice.travel_minutes)]
    if wanted.need.flexible_hours and one.starts_at:
        facts.append(describe_period(one.starts_at, one.ends_at, tz=zone))
    facts += round_kind(wanted.need.kind).tells(resource, now)
    if one.beside:
        words = ngettext("%(n)s more of theirs fits", "%(n)s more of theirs fit", one.beside)
        facts.append(words % {"n": one.beside})
    return {
        "place": place,
        "title": resource.name,
        "owner": resource.institution.name,
        "code": resource.code,
        "facts": facts,
        "part": _part(wanted, one),
        "displaces": _displaced(one),
        "warning": str(short_words(warnings[0].code) or warnings[0].text) if warnings else "",
        "why": _why(one, other),
        "price": asked_price(one.offer),
        "url": ask(one),
    }


def _way(kilometres: float, minutes: int) -> str:
    return _("%(km)s km, %(minutes)s min by road") % {"km": f"{kilometres:.1f}", "minutes": minutes}


def _part(wanted: Wanted, one: Suitable) -> str:
    """Of several asked how many it would give; nothing where it gives all."""
    if one.quantity >= wanted.missing:
        return ""
    return _("%(n)s of %(all)s") % {"n": one.quantity, "all": wanted.missing}


def _displaced(one: Suitable) -> str:
    number = sum(one.choice.displaced)
    if not number:
        return ""
    words = ngettext(
        "%(n)s other open need can be served by nothing else",
        "%(n)s other open needs can be served by nothing else",
        number,
    )
    return words % {"n": number}


def _why(one: Suitable, other: Suitable | None) -> str:
    """What sets it before the next one."""
    tier = better_in(one.choice, other.choice) if other else None
    if tier is None:
        return ""
    better = BETTER.get(tier)
    if better is None:
        better = MORE if one.choice.part > other.choice.part else KEEPS
    return _("Before the next because it %(better)s.") % {"better": better}


def _out(one: Unsuitable) -> dict:
    if one.miss is None:
        code = one.findings.blocks[0].code
        why = f"{code} {short_words(code) or one.findings.blocks[0].text}"
    else:
        code = one.miss.code
        why = _missed(code, one.miss.amount)
    return {
        "title": one.resource.name,
        "owner": one.resource.institution.name,
        "code": one.resource.code,
        "way": _("%(km)s km") % {"km": f"{one.kilometres:.1f}"},
        "why": why,
    }


def _missed(code: str, amount: int | None) -> str:
    if amount and code in AMOUNTS:
        return str(AMOUNTS[code]) % {"n": amount}
    return str(OUT.get(code, code))


def _steps(found: Found) -> list[Step]:
    """Rule by rule until nobody is left; what leaves nobody out says nothing."""
    steps = [*found.funnel, (RULES_OF_WORKFLOW, 0)] if found.number else list(found.funnel)
    stop = next((at for at, (_code, left) in enumerate(steps) if not left), len(steps) - 1)
    told = [
        step
        for at, step in enumerate(steps[: stop + 1])
        if at in (0, stop) or step[1] < steps[at - 1][1]
    ]
    most = max((number for _code, number in told), default=1) or 1
    words = RULES | OF_THIS_PAGE
    return [
        Step(number, str(words.get(code, code)), round(100 * number / most), place == len(told) - 1)
        for place, (code, number) in enumerate(told)
    ]
