"""OFR rules: the request keeps to the terms of the published offer."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from resources.enums import OfferStatus, ResourceStatus
from scheduling.relaxations import shorter_notice
from scheduling.rules.context import RuleContext
from scheduling.states import Priority


def is_offered(context: RuleContext):
    """OFR-01: a published offer of a listed resource covers the whole time."""
    offer = context.offer
    if (
        offer is None
        or offer.status != OfferStatus.PUBLISHED
        or context.resource.status != ResourceStatus.LISTED
    ):
        yield Finding(
            code="OFR-01",
            source=_("Terms of the offer"),
            severity=Severity.BLOCK,
            message=_("This is not offered at present."),
            advice=_("Look for another unit, or call the owner."),
        )
    elif not any(
        interval.starts_at <= context.starts_at and interval.ends_at >= context.ends_at
        for interval in context.offered
    ):
        yield Finding(
            code="OFR-02",
            source=_("Terms of the offer"),
            severity=Severity.BLOCK,
            message=_("The owner does not offer the whole of this time."),
            advice=_("Choose a time within the offered hours."),
        )


def notice_is_kept(context: RuleContext):
    """OFR-03: minimum notice, shorter where a crisis says so; an emergency may ask all the same,
    the owner decides."""
    if context.offer is None or _was_sent(context):
        return
    grace = timedelta(minutes=policy.current().request.past_grace_minutes)  # GEN-02's
    ahead, asked = context.starts_at - context.now + grace, context.offer.notice_hours
    needed = shorter_notice.hours_needed(context.crisis, asked, **context.parties)
    if timedelta(hours=needed) <= ahead < timedelta(hours=asked):
        yield shorter_notice.relaxed(context.crisis, asked)
    elif ahead < timedelta(hours=needed):
        emergency = context.priority == Priority.STAT
        yield Finding(
            code="OFR-03",
            source=_("Terms of the offer"),
            severity=Severity.WARN if emergency else Severity.BLOCK,
            message=_("The owner needs %(hours)s h of notice."),
            params={"hours": needed},
            advice=_("Choose a later start; an emergency may ask with less notice."),
        )


def _was_sent(context: RuleContext) -> bool:
    return context.sharing_request is not None and context.sharing_request.submitted_at is not None


def not_too_long(context: RuleContext):
    """OFR-04: longest use."""
    if context.offer is not None and context.hours > context.offer.max_loan_hours:
        yield Finding(
            code="OFR-04",
            source=_("Terms of the offer"),
            severity=Severity.BLOCK,
            message=_("The longest use is %(hours)s h."),
            params={"hours": context.offer.max_loan_hours},
            advice=_("Ask for a shorter time and extend it later."),
        )


def enough_units(context: RuleContext):
    """OFR-05: no more units than there are."""
    if context.units > context.resource.units:
        yield Finding(
            code="OFR-05",
            source=_("Terms of the offer"),
            severity=Severity.BLOCK,
            message=_("There are %(all)s units."),
            params={"all": context.resource.units},
            advice=_("Ask for fewer units."),
        )


def is_confirmed_lately(context: RuleContext):
    """OFR-06: an offer that nobody confirmed for long may be untrue."""
    if context.offer is None or context.offer.confirmed_at is None:
        return
    days = (context.now - context.offer.confirmed_at).days
    if days > policy.current().offer.hide_after_days:
        yield Finding(
            code="OFR-06",
            source=_("Terms of the offer"),
            severity=Severity.WARN,
            message=_("The owner has not confirmed this offer for %(days)s days."),
            params={"days": days},
            advice=_("It should be confirmed before anybody relies on it."),
        )


def own_need_is_kept(context: RuleContext):
    """EQ-15: the share of the offered hours that the owner wants to keep."""
    if context.offer is None or context.lent_share is None:
        return
    limit = 1 - context.offer.reserve_percent / 100
    if context.lent_share > limit:
        yield Finding(
            code="EQ-15",
            severity=Severity.WARN,
            message=_("The owner keeps %(reserve)s %% of the offered hours; this would go below."),
            params={"reserve": context.offer.reserve_percent},
            advice=_("The owner may still agree."),
        )


RULES = (
    is_offered,
    notice_is_kept,
    not_too_long,
    enough_units,
    is_confirmed_lately,
    own_need_is_kept,
)
