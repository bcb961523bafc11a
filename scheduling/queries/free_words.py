"""Why a resource ranks where it does, and why another was left out, in words."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resources.intervals import total


def reason(fact, page: list, wish) -> str:
    """What speaks for a candidate beside the others of its page."""
    return " · ".join([_coverage(fact, wish), *_best_of(fact, page)])


def _coverage(fact, wish) -> str:
    if fact.coverage >= 1:
        return _("Free the whole time")
    return _("Covers %(covered)s of %(asked)s h") % {
        "covered": _hours(total(fact.free)),
        "asked": _hours(wish.length),
    }


def _best_of(fact, page: list) -> list[str]:
    found = []
    if fact.distance_km is not None and fact.distance_km <= min(
        other.distance_km for other in page if other.distance_km is not None
    ):
        found.append(_("nearest"))
    if len(page) > 1 and fact.fee_per_hour < min(o.fee_per_hour for o in page if o is not fact):
        found.append(_("lowest cost"))
    return found


def why_not(fact, code: str, wish) -> str:
    """One sentence for somebody who misses a resource in the list."""
    if code == "units":
        words = ngettext("Has only %(units)s unit.", "Has only %(units)s units.", fact.units)
        return words % {"units": fact.units}
    return _REASONS[code]() % {
        "km": f"{ceil((fact.distance_km or 0) * 10) / 10:.1f}",  # what is beyond reads so
        "limit": f"{wish.within_km or 0:g}",
        "notice": fact.notice_hours,
        "longest": fact.max_loan_hours,
    }


_REASONS = {
    "far": lambda: _("%(km)s km away. Your limit is %(limit)s km."),
    "notice": lambda: _("Needs %(notice)s h notice."),
    "long": lambda: _("Lent for %(longest)s h at most."),
    "stale": lambda: _("The offer was not confirmed for a long time."),
    "not_offered": lambda: _("Not offered at that time."),
    "taken": lambda: _("Already taken at that time."),
}


def _hours(span) -> str:
    return f"{round(span.total_seconds() / 3600, 1):g}"
