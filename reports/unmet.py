"""Why a demand was not met: what became of it, and the reason that was frozen with it.

A *why* is the outcome, or ``outcome.reason`` where the reason says more than the outcome does.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.demand import OWNERS_REASONS, Outcome
from scheduling.kinds import kinds
from scheduling.states import CancelReason, DeclineReason
from scheduling.verdicts import SHORT, short_words

TAKEN = "taken"  # of a place in a line that never came
# What the matcher says of a need where nobody has such a thing on offer.
NOT_LISTED = ("all", "item", "own", "elsewhere", "nobody_has_it")
# Reasons that say no more than the outcome.
SAYS_NO_MORE = {
    Outcome.TOO_SLOW: ("", "too_slow"),
    Outcome.RECALLED: ("", "recalled"),
    Outcome.NOTHING_LISTED: ("", *NOT_LISTED),
    Outcome.UNMET: ("", "no_offer", "not_looked_at", "beyond_round", "begun", "said_enough"),
}
OF_OWNER = dict(CancelReason.choices) | dict(DeclineReason.choices)
# Of needs and places in a line: what the matcher found last.
OF_NEED = {
    TAKEN: gettext_lazy("Taken all the time that was waited for"),
    "outbid": gettext_lazy("Everything that fits served others"),
    "fairness": gettext_lazy("A hospital that gets less was served instead"),
    "at_home": gettext_lazy("Its hospital offered one itself"),
    "capability": gettext_lazy("Nothing listed can do this, or for so long"),
    "certificate": gettext_lazy("No trained operator there"),
    "travel": gettext_lazy("Nothing near enough"),
    "window": gettext_lazy("Nothing free at that time"),
    "available": gettext_lazy("Nobody offered at that time"),
    "booked": gettext_lazy("All booked at that time"),
    "struck": gettext_lazy("Struck or declined before"),
    "consortium": gettext_lazy("Not offered to this hospital"),
    "skill": gettext_lazy("Nobody holds the skills"),
    "approved": gettext_lazy("Nobody may work at this hospital"),
    "rest": gettext_lazy("Rest between shifts too short"),
    "weekly_hours": gettext_lazy("Weekly hours used up"),
    "life": gettext_lazy("Too few days left at arrival"),
    "use": gettext_lazy("More than could be used before it expires"),
    "recalled": gettext_lazy("Everything listed was recalled"),
    "licence": gettext_lazy("Licence for this medicine missing"),
    "cold": gettext_lazy("Cannot be kept cold there"),
    "cold_reach": gettext_lazy("Would not stay cold on the way"),
    "unclear": gettext_lazy("Its words fitted several things"),
    "no_time": gettext_lazy("No time from – until was named"),
}


def why_of(outcome: str, reason_code: str) -> str:
    says_no_more = reason_code in SAYS_NO_MORE.get(outcome, ("",))
    return str(outcome) if says_no_more else f"{outcome}.{reason_code}"


def facts_of(why: str) -> Q:
    """The facts of demand that have it."""
    outcome, dot, reason = why.partition(".")
    if dot:
        return Q(outcome=outcome, reason_code=reason)
    return Q(outcome=outcome, reason_code__in=SAYS_NO_MORE.get(outcome, ("",)))


def why_words(why: str) -> str:
    outcome, _dot, reason = why.partition(".")
    became = str(Outcome(outcome).label)
    if not reason:
        return became
    if outcome == Outcome.UNMET:
        return _of_need(reason) or became
    return _("%(what)s: %(why)s") % {"what": became, "why": OF_OWNER.get(reason, reason)}


def _of_need(reason: str) -> str:
    """A rule of the workflow is named by its code, as everywhere."""
    if reason in OF_NEED:
        return str(OF_NEED[reason])
    words = short_words(reason)
    return _("Rule %(code)s: %(words)s") % {"code": reason, "words": words} if words else ""


def why_choices() -> list[tuple[str, str]]:
    """Every one that there can be, in the reader's words."""
    rules = [*SHORT, *(code for kind in kinds for code in kind.finding_words)]
    found = [
        *(why_of(Outcome.REFUSED, code) for code in DeclineReason.values),
        Outcome.TOO_SLOW.value,
        Outcome.RECALLED.value,
        *(why_of(Outcome.RECALLED, code) for code in OWNERS_REASONS),
        *(why_of(Outcome.CANCELLED, code) for code in OWNERS_REASONS),
        Outcome.NOTHING_LISTED.value,
        Outcome.UNMET.value,
        *(why_of(Outcome.UNMET, code) for code in (*OF_NEED, *rules)),
    ]  # fmt: skip
    return [(why, why_words(why)) for why in dict.fromkeys(found)]
