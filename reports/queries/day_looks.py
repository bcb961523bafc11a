"""What the numbers of days say about information: looks, reviews, accesses, recognised results."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce

from reports.queries.day_sources import CURRENCY, REASON
from reports.rollups.tally import Tally
from resources.kinds.information.recognition import Verdict
from resources.models import RecognitionRecord, Resource
from scheduling.enums_information import AccessAction, Decision, EndReason
from scheduling.models import AccessEvent, AccessGrant
from scheduling.states import State

GRANTED = (State.APPROVED, State.UNDERWAY, State.FINISHED, State.CLOSED, State.CANCELLED)
OWNER, BORROWER = "owner", "borrower"
Found = tuple[int, datetime, str, dict[str, int]]  # resource, when, side, columns


def tallies(institution: int, period) -> Iterator[Tally]:
    """Each on the day of the site where the information is kept."""
    found = [
        *_looks(institution, period),
        *_decided(institution, period),
        *_ended(institution, period),
        *_reviews(institution, period),
        *_recognised(institution, period),
    ]
    places = _places({resource for resource, *_rest in found})
    for resource, at, side, columns in found:
        kind, category, zone = places[resource]
        day = at.astimezone(ZoneInfo(zone)).date()
        if period.first <= day <= period.last:
            yield Tally(
                day=day,
                side=side,
                kind=kind,
                category_code=category,
                currency=CURRENCY,
                columns=columns,
            )


def _places(resources: set[int]) -> dict[int, tuple[str, str, str]]:
    rows = Resource.objects.everywhere(reason=REASON).filter(pk__in=resources)
    values = rows.values_list("pk", "kind", "category__slug", "site__time_zone")
    return {pk: tuple(rest) for pk, *rest in values}


def _within(period) -> tuple[datetime, datetime]:
    return period.since, period.until


def _looks(institution: int, period) -> Iterator[Found]:
    rows = AccessEvent.objects.everywhere(reason=REASON).filter(
        institution=institution, action=AccessAction.LOOK, at__range=_within(period)
    )
    for resource, at, decision, glass in rows.values_list(
        "resource_id", "at", "decision", "break_glass"
    ):
        if decision == Decision.PERMIT:
            yield resource, at, OWNER, {"looks": 1, "looks_emergency": int(glass)}
        else:
            yield resource, at, OWNER, {"looks_refused": 1}


def _decided(institution: int, period) -> Iterator[Found]:
    """On the day of the decision, however long the access then runs; what was sent back to be
    changed is not decided yet, and breaking the glass asks nobody."""
    rows = AccessGrant.objects.everywhere(reason=REASON).filter(
        sharing_request__owner=institution,
        sharing_request__decided_at__range=_within(period),
        sharing_request__state__in=[*GRANTED, State.DECLINED],
        break_glass=False,
    )
    for resource, at, state in rows.values_list(
        "sharing_request__resource", "sharing_request__decided_at", "sharing_request__state"
    ):
        denied = state == State.DECLINED
        yield resource, at, OWNER, {"grants_denied" if denied else "grants_approved": 1}


def _ended(institution: int, period) -> Iterator[Found]:
    """On the day on which the access ended; an emergency's too."""
    rows = AccessGrant.objects.everywhere(reason=REASON).annotate(
        over=Coalesce("sharing_request__actual_ends_at", "sharing_request__ended_at")
    )
    rows = rows.filter(sharing_request__owner=institution, over__range=_within(period)).exclude(
        end_reason=""
    )
    for resource, over, reason, used in rows.values_list(
        "sharing_request__resource", "over", "end_reason", "looks_used"
    ):
        expired = int(reason == EndReason.EXPIRED)
        columns = {"grants_ended": 1, "grants_expired": expired, "looks_granted": used}
        yield resource, over, OWNER, columns


def _reviews(institution: int, period) -> Iterator[Found]:
    """On the day by which it was due: whether it was in time is known then, and stays."""
    rows = AccessGrant.objects.everywhere(reason=REASON).filter(
        sharing_request__owner=institution, break_glass=True, review_due_at__range=_within(period)
    )
    for resource, due, reviewed in rows.values_list(
        "sharing_request__resource", "review_due_at", "reviewed_at"
    ):
        in_time = int(reviewed is not None and reviewed <= due)
        yield resource, due, OWNER, {"reviews_due": 1, "reviewed_in_time": in_time}


def _recognised(institution: int, period) -> Iterator[Found]:
    rows = RecognitionRecord.objects.everywhere(reason=REASON).filter(
        institution=institution, at__range=_within(period)
    )
    for resource, at, verdict, recognised in rows.values_list(
        "resource", "at", "verdict", "recognised"
    ):
        could = int(recognised or verdict != Verdict.NO)
        yield resource, at, BORROWER, {"recognisable": could, "recognised": int(recognised)}
