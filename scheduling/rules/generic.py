"""GEN rules: what holds for every request that occupies time (domain.md 4.1)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.findings import Finding, Severity
from scheduling.rules.context import HandoverContext, RuleContext
from scheduling.rules.wording import when

SHOWN = 3  # of the requests that were sent before


def ends_after_start(context: RuleContext):
    """GEN-01"""
    if context.ends_at <= context.starts_at:
        yield Finding(
            code="GEN-01",
            severity=Severity.BLOCK,
            message=_("End must be after start."),
            advice=_("Choose a later end."),
        )


def not_in_the_past(context: RuleContext):
    """GEN-02; a request that is already underway keeps its start."""
    started = context.sharing_request is not None and context.sharing_request.actual_starts_at
    earliest = context.now - timedelta(minutes=policy.current().request.past_grace_minutes)
    moment = context.ends_at if started else context.starts_at
    if moment < earliest:
        yield Finding(
            code="GEN-02",
            severity=Severity.BLOCK,
            message=_("The period is already past."),
            advice=_("Choose a time that is still to come."),
        )


def not_too_far_ahead(context: RuleContext):
    """GEN-13: nobody can promise beyond the horizon."""
    days = policy.current().request.horizon_days
    if context.ends_at > context.now + timedelta(days=days):
        yield Finding(
            code="GEN-13",
            severity=Severity.BLOCK,
            message=_("The period is more than %(days)s days away."),
            params={"days": days},
            advice=_("Choose an earlier time."),
        )


def time_is_free(context: RuleContext):
    """GEN-03, and EQ-13 where only cleaning or transport time is in the way."""
    if not context.conflicts or context.units <= context.units_free:
        return
    if context.resource.units > 1:
        yield Finding(
            code="GEN-03",
            severity=Severity.BLOCK,
            message=_("Only %(free)s of %(all)s units are free then."),
            params={"free": context.units_free, "all": context.resource.units},
            advice=_("Ask for fewer units or for another time."),
        )
        return
    for conflict in context.conflicts:
        yield _conflict_finding(conflict, context)


def _conflict_finding(conflict, context):
    params = {"period": when(conflict.starts_at, conflict.ends_at, context.resource, context.zone)}
    advice = _("Choose another time, or another unit.")
    if conflict.in_buffer:
        return Finding(
            code="EQ-13",
            severity=Severity.BLOCK,
            params=params,
            advice=advice,
            message=_("Cleaning, checks or transport are not done in time: taken %(period)s."),
        )
    if conflict.own_use:
        return Finding(
            code="GEN-03",
            severity=Severity.BLOCK,
            params=params,
            advice=advice,
            message=_("The owner keeps %(period)s for itself."),
        )
    if conflict.promised:
        return Finding(
            code="GEN-03",
            severity=Severity.BLOCK,
            params=params,
            advice=advice,
            message=_(
                "Promised %(period)s to the next in the wait-list, until the owner has answered "
                "that request."
            ),
        )
    return Finding(
        code="GEN-03",
        severity=Severity.BLOCK,
        params=params,
        advice=advice,
        message=_("Already booked %(period)s by another request."),
    )


def not_ones_own(context: RuleContext):
    """GEN-04"""
    if context.borrower.pk == context.resource.institution_id:
        yield Finding(
            code="GEN-04",
            severity=Severity.BLOCK,
            message=_("You own this resource."),
            advice=_("Enter your own use as a block instead."),
        )


def licences_last(context: RuleContext):
    """GEN-05, for both sides."""
    for institution in (context.owner, context.borrower):
        valid_to = institution.licence_valid_to
        if valid_to is not None and valid_to < context.last_day:
            yield Finding(
                code="GEN-05",
                severity=Severity.BLOCK,
                message=_("The practice licence of %(name)s expires on %(day)s."),
                params={"name": institution.name, "day": valid_to.isoformat()},
                advice=_("The registry administrator can enter a renewed licence."),
            )


def not_asked_before(context: RuleContext):
    """GEN-12: a request blocks nobody while it waits, so a second one for the same hours looks as
    good as the first.  A notice: another ward may want another unit."""
    meeting = [
        row
        for row in context.asked_before
        if row.starts_at < context.ends_at and row.ends_at > context.starts_at
    ]
    for row in meeting[:SHOWN]:
        yield Finding(
            code="GEN-12",
            severity=Severity.INFO,
            message=_("You asked for this already: %(booking)s, %(period)s, waiting."),
            params={
                "booking": row.reference,
                "period": when(row.starts_at, row.ends_at, context.resource, context.zone),
            },
            advice=_("Ask again only for another use; what is not needed can be withdrawn."),
        )


def leaves_others_their_unit(context: HandoverContext):
    """GEN-03 at an early handover: a booking that begins before finds nothing there."""
    for row in context.earlier:
        yield Finding(
            code="GEN-03",
            severity=Severity.WARN,
            message=_("%(booking)s of %(borrower)s begins before this one: %(period)s."),
            params={
                "booking": row.reference,
                "borrower": row.borrower.name,
                "period": when(row.starts_at, row.ends_at, context.resource),
            },
            advice=_("Hand it over later, or say why it is not needed for that booking."),
        )


RULES = (
    ends_after_start,
    not_in_the_past,
    not_too_far_ahead,
    time_is_free,
    not_ones_own,
    licences_last,
    not_asked_before,
)
HANDOVER_RULES = (leaves_others_their_unit,)
