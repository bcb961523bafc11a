"""Until when a step must be answered: so many hours by step and priority (policy pack).

They are working hours of the site that decides, public holidays and make-up days included; what
cannot wait runs day and night.  A leaf but for the hours, which are read from the core.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import ngettext

from medshare_portal import policy
from medshare_portal.memberships import main_sites
from medshare_portal.site_hours import Calendars
from scheduling.kinds import kinds
from scheduling.states import Priority, Side


class Step(StrEnum):
    """What waits for an answer; the names are those of the policy pack's table."""

    ANSWER = "answer"
    EXTENSION = "extension"
    COUNTER_OFFER = "counter_offer"
    CONSENT = "consent"


def allowed(step: Step, priority: str) -> timedelta:
    """How much time there is for a step."""
    return timedelta(hours=getattr(policy.current().clocks, step.value)[priority])


def runs_day_and_night(priority: str) -> bool:
    return priority in policy.current().clocks.round_the_clock


def after(
    moment: datetime, span: timedelta, *, site, priority: str, calendars: Calendars | None = None
) -> datetime:
    """The moment by which so much time has run on the clock of this priority at this site."""
    if span <= timedelta(0) or site is None or runs_day_and_night(priority):
        return moment + span
    return (calendars or Calendars(moment)).of(site).add(moment, span)


def due(step: Step, *, site, priority: str, now: datetime) -> datetime:
    return after(now, allowed(step, priority), site=site, priority=priority)


def answer_due(*, site, priority: str, now: datetime) -> datetime:
    """Until when the owner must answer; ``site`` is that of the resource."""
    return due(Step.ANSWER, site=site, priority=priority, now=now)


def counter_due(sharing_request, *, now: datetime) -> datetime:
    """Until when the borrower must answer what the owner offered instead."""
    site = borrowers_site(sharing_request)
    return due(Step.COUNTER_OFFER, site=site, priority=sharing_request.priority, now=now)


def consent_due(sharing_request, side: Side, *, now: datetime) -> datetime:
    """Until when a further yes of this side must be there."""
    owner = side == Side.OWNER
    site = sharing_request.resource.site if owner else borrowers_site(sharing_request)
    return due(Step.CONSENT, site=site, priority=sharing_request.priority, now=now)


def place_due(entry, *, now: datetime) -> datetime:
    """Until when a place that the wait-list offers must be taken: so many minutes by urgency, on
    the clock of the site that waits."""
    minutes = getattr(policy.current().waitlist, f"offer_{entry.priority}_minutes")
    site = entry.site or main_sites(entry.borrower).first()
    return after(now, timedelta(minutes=minutes), site=site, priority=entry.priority)


def check_due(sharing_request, *, now: datetime) -> datetime | None:
    """Until when the owner must look at what came back; nobody is treated later for it, so it
    runs in working hours whatever the priority was.  None where the kind gives no time for it:
    nothing is late then."""
    span, site = check_time(sharing_request), sharing_request.resource.site
    return after(now, span, site=site, priority=Priority.ROUTINE) if span else None


def check_time(sharing_request) -> timedelta:
    hours = kinds[sharing_request.kind].check_hours
    return timedelta(hours=hours() if hours else 0)


def borrowers_site(sharing_request):
    """Where it goes, else the borrower's main site; None when it has none."""
    return sharing_request.delivery_site or main_sites(sharing_request.borrower).first()


def answer_time_words(priority: str) -> str:
    """'16 working hours', or '2 hours, day or night'."""
    hours = int(allowed(Step.ANSWER, priority) / timedelta(hours=1))
    if runs_day_and_night(priority):
        words = ngettext("%(n)d hour, day or night", "%(n)d hours, day or night", hours)
    else:
        words = ngettext("%(n)d working hour", "%(n)d working hours", hours)
    return words % {"n": hours}
