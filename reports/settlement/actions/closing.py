"""Both sides accept a statement, or its review is over: from then on nothing of it changes."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from reports.models import LineDispute, Statement
from reports.settlement.actions.telling import accepted, closed, of_statement
from reports.settlement.states import StatementState
from scheduling.actions._lock import NotYours, require

REASON = "re-read under lock of a statement that the caller holds; the system's own moves"


class NotInReview(Refusal):
    message = _("This statement is closed: nothing of it changes any more.")


class StillDisputed(Refusal):
    message = _("A line of it is disputed. Settle that first.")


class AcceptedAlready(Refusal):
    message = _("Your side has accepted this statement already.")


def lock_statement(pk: int) -> Statement:
    """The statement as it is now, under lock; the first lock of every action of settlement."""
    rows = Statement.objects.everywhere(reason=REASON).select_related("first", "second")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def accept(*, statement: Statement, institution, by, now: datetime) -> Statement:
    """One side agrees to every line; with the second side's yes the statement is closed.

    Raises NotYours, NotInReview, AcceptedAlready, StillDisputed.
    """
    require(by=by, institution=institution, permission=Permission.SETTLE, kind=None)
    fresh = lock_statement(statement.pk)
    if institution.pk not in (fresh.first_id, fresh.second_id):
        raise NotYours
    if fresh.state != StatementState.REVIEW:
        raise NotInReview
    if fresh.accepted_by(institution):
        raise AcceptedAlready
    if LineDispute.objects.of(fresh).unsettled().exists():
        raise StillDisputed
    side = "first" if institution.pk == fresh.first_id else "second"
    setattr(fresh, f"{side}_accepted_at", now)
    setattr(fresh, f"{side}_accepted_by", by)
    other = fresh.other(institution)
    if fresh.accepted_by(other):
        fresh.state, fresh.closed_at = StatementState.CLOSED, now
    else:
        accepted(fresh, institution, told=other, now=now)
    fresh.save()
    of_statement(fresh, "statement.accepted", by=by, now=now)
    return fresh


@transaction.atomic
def close_due(*, now: datetime) -> int:
    """Close what has been reviewed long enough; a dispute that is open goes on beside it."""
    due = list(
        Statement.objects.everywhere(reason=REASON)
        .select_for_update()
        .filter(state=StatementState.REVIEW, review_until__lte=now)
        .order_by("pk")
    )
    Statement.objects.everywhere(reason=REASON).filter(pk__in=[row.pk for row in due]).update(
        state=StatementState.CLOSED, closed_at=now
    )
    months: dict[date, list[Statement]] = defaultdict(list)
    for row in due:
        months[row.month].append(row)
    for month in sorted(months):
        closed(months[month], month=month, now=now)
    return len(due)
