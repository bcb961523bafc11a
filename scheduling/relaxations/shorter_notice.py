"""OFR-03 relaxed: no offer within the scope asks for more notice than the policy's few hours."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.crises import RunningCrisis
from medshare_portal.findings import Finding, Severity
from medshare_portal.relaxations import Relaxation, register

SHORTER = register(
    Relaxation(
        code="shorter-notice",
        label=_("shorter notice"),
        what=_(
            "The minimum notice of an offer counts only up to the hours that the policy allows in "
            "a crisis. The offered hours, the longest use and what is booked stay as they are."
        ),
        rule="OFR-03",
    )
).code


def hours_needed(crisis: RunningCrisis | None, hours: int, **share) -> int:
    """The notice that such a share (see ``RunningCrisis.covers``) needs now."""
    if crisis is None or not crisis.relaxes(SHORTER, **share):
        return hours
    return min(hours, crisis.notice_hours)


def relaxed(crisis: RunningCrisis, hours: int) -> Finding:
    """Says that the offer asks for more, and why that does not count."""
    return Finding(
        code="OFR-03",
        source=crisis.name,
        severity=Severity.INFO,
        message=_(
            "Relaxed by crisis “%(crisis)s”: the offer asks for %(hours)s h of notice, "
            "%(less)s h are enough."
        ),
        params={"crisis": crisis, "hours": hours, "less": crisis.notice_hours},
        advice=_("Call the owner as well: it has less time to prepare."),
        relaxed=SHORTER,
    )
