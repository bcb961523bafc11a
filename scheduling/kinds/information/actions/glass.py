"""Break the glass: at once, for an emergency, for some hours; and then somebody looks at it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.enums_information import LegalBasis, Purpose
from resources.models import Resource
from scheduling.actions._lock import lock_request, lock_resource, require
from scheduling.actions._move import change_times, created
from scheduling.enums_information import AccessAction, ReviewVerdict
from scheduling.kinds.information import told
from scheduling.kinds.information.actions import access_log
from scheduling.kinds.information.queries import facts
from scheduling.models import AccessGrant, SharingRequest
from scheduling.states import Priority, Side, State

KIND = "information"
LOOKS = 20
REASON = "the system's own moves"


class ReasonTooShort(Refusal):
    """INF-12"""

    message = _("Say in at least %(n)s characters why it cannot wait.")
    field = "reason"
    status = 422


class NotAnEmergency(Refusal):
    message = _("The glass is broken in an emergency only.")
    field = "purpose_of_use"
    status = 422


class NothingBehindIt(Refusal):
    message = _("This is not offered at present.")


class AlreadyReviewed(Refusal):
    message = _("This was reviewed already.")


def break_glass(
    *,
    resource: Resource,
    borrower,
    purpose_of_use: str,
    recipient_role: str,
    reason: str,
    by,
    address: str,
    now: datetime,
) -> SharingRequest:
    """Open an access at once, without the owner's decision.  Whoever keeps the owner's information
    is told in the same transaction.  The caller has asked the person for the password again.

    Raises ReasonTooShort, NotAnEmergency, NothingBehindIt.
    """
    require(by=by, institution=borrower, permission=Permission.ASK, kind=KIND)
    limits = policy.current().information
    if len("".join(reason.split())) < limits.break_glass_reason_characters:
        raise ReasonTooShort(
            str(ReasonTooShort.message) % {"n": limits.break_glass_reason_characters}
        )
    if purpose_of_use not in Purpose.EMERGENCIES:
        raise NotAnEmergency
    resource = lock_resource(resource.pk)
    terms = facts.terms_in_force(resource, borrower)
    if terms is None or not facts.is_offered(resource):
        raise NothingBehindIt
    request = _opened(resource, borrower, reason, by, now)
    grant = _granted(request, terms, purpose_of_use, recipient_role, by, now)
    access_log.write(
        sharing_request=request,
        grant=grant,
        action=AccessAction.BREAK_GLASS,
        by=by,
        organisation=borrower,
        address=address,
        now=now,
    )
    return request


def _opened(resource: Resource, borrower, reason: str, by, now: datetime) -> SharingRequest:
    request = SharingRequest(
        resource=resource,
        owner=resource.institution,
        borrower=borrower,
        kind=KIND,
        exclusive=resource.units == 1,
        state=State.UNDERWAY,
        priority=Priority.STAT,
        purpose=reason,
        quantity=LOOKS,
        asked_quantity=LOOKS,
        created_at=now,
        created_by=by,
        submitted_at=now,
        decided_at=now,
        decided_automatically=True,
        actual_starts_at=now,
    )
    return created(request, "break_glass", by=by, now=now)


def _granted(request, terms, purpose_of_use, recipient_role, by, now: datetime) -> AccessGrant:
    """Open for some hours, with a date by which somebody looks at it."""
    limits = policy.current().information
    until = now + timedelta(hours=limits.break_glass_hours)
    return AccessGrant.objects.create(
        sharing_request=request,
        terms=terms,
        person=by,
        purpose_of_use=purpose_of_use,
        legal_basis=LegalBasis.EMERGENCY,
        recipient_role=recipient_role,
        asked_until=until,
        valid_until=until,
        break_glass=True,
        review_due_at=now + timedelta(hours=limits.break_glass_review_hours),
    )


def review(
    *, sharing_request: SharingRequest, verdict: str, text: str, by, now: datetime
) -> SharingRequest:
    """The owner's privacy officer says whether it was right.  Raises AlreadyReviewed."""
    fresh = lock_request(sharing_request)
    require(by=by, institution=fresh.owner, permission=Permission.POST_CHECK, kind=KIND)
    done = (
        AccessGrant.objects.of(fresh)
        .to_review()
        .update(
            reviewed_at=now,
            reviewed_by=by,
            review_verdict=ReviewVerdict(verdict).value,
            review_text=text,
        )
    )
    if not done:
        raise AlreadyReviewed
    return change_times(
        fresh,
        "review_glass",
        side=Side.OWNER,
        by=by,
        now=now,
        text=text,
        data={"verdict": ReviewVerdict(verdict).value},
    )


def tell_late_reviews(*, now: datetime) -> int:
    """INF-12: a review that is late is told to all who account for the owner; once each."""
    rows = AccessGrant.objects.everywhere(reason=REASON).to_review()
    late = rows.filter(review_due_at__lte=now, review_late_told_at__isnull=True)
    done = 0
    related = ("owner", "borrower", "resource__institution", "resource__site", "created_by")
    for grant in late.select_related(*(f"sharing_request__{name}" for name in related)):
        waiting = rows.filter(pk=grant.pk, review_late_told_at__isnull=True)
        with transaction.atomic():
            if waiting.update(review_late_told_at=now):
                told.review_is_late(grant.sharing_request, now=now)
                done += 1
    return done
