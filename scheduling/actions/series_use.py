"""Series that nobody uses: the borrower is asked whether it still needs the rest, and what is not
confirmed in time is free again for others."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling import series_told
from scheduling.actions import waitlist
from scheduling.actions._lock import REASON, require
from scheduling.actions._move import move
from scheduling.actions.series import audit_series, locked_dates
from scheduling.actions.series_changes import CAN_BE_CALLED_OFF
from scheduling.models import Series, SharingRequest
from scheduling.states import CancelReason, Side, State

PASSED = (State.NO_SHOW, State.UNDERWAY, State.FINISHED, State.CLOSED)


class NotAsked(Refusal):
    """Nobody asks any more: a colleague confirmed, or the dates were released."""

    message = _("This needs no confirmation any more. Look at the dates again.")


def ask_unused(*, now: datetime) -> int:
    """Ask once for each series of which as many dates running as the policy says were not
    collected.  Safe to run twice at once: the second finds the question asked."""
    asked = _dates().filter(series=OuterRef("pk"))
    missed = asked.filter(state=State.NO_SHOW, starts_at__gte=OuterRef("counted_from"))
    to_come = asked.filter(starts_at__gt=now, state__in=CAN_BE_CALLED_OFF)
    rows = _series().filter(Exists(missed), Exists(to_come), confirm_asked_at__isnull=True)
    return sum(_ask(row, now) for row in _related(rows) if is_unused(row))


def is_unused(series: Series) -> bool:
    """Whether its last booked dates, as many as the policy says, were not collected."""
    most = policy.current().series.unused_dates
    dates = SharingRequest.objects.of_series(series)
    last = dates.filter(state__in=PASSED, starts_at__gte=series.counted_from)
    states = list(last.order_by("-starts_at", "-pk").values_list("state", flat=True)[:most])
    return len(states) == most and set(states) == {State.NO_SHOW}


def _ask(series: Series, now: datetime) -> bool:
    due_at = now + timedelta(hours=policy.current().series.confirm_hours)
    with transaction.atomic():
        open_question = _series().filter(pk=series.pk, confirm_asked_at__isnull=True)
        if not open_question.update(confirm_asked_at=now, confirm_due_at=due_at):
            return False
        series.confirm_due_at = due_at
        series_told.ask_to_confirm(series, now=now)
        audit_series(
            series, "ask_confirmation", by=None, now=now, data={"until": due_at.isoformat()}
        )
    return True


def confirm(*, series: Series, by, now: datetime) -> None:
    """“Still needed”: the dates stay, and are counted anew.  Raises NotAsked."""
    require(by=by, institution=series.borrower, permission=Permission.ASK, kind=series.kind)
    asked = _series().filter(pk=series.pk, confirm_due_at__gt=now)
    changes = {"confirmed_at": now, "confirmed_by": by, "counted_from": now}
    if not asked.update(confirm_asked_at=None, confirm_due_at=None, **changes):
        raise NotAsked
    audit_series(series, "confirm", by=by, now=now, data={})


def release_unconfirmed(*, now: datetime) -> int:
    """Give back the dates to come of series that nobody confirmed in time; how many series."""
    return sum(_release(row, now) for row in _related(_series().unanswered(now)))


def _release(series: Series, now: datetime) -> bool:
    """The dates' resources are locked before the series: whoever confirms waits or is first."""
    with transaction.atomic():
        rows = [row for row in locked_dates(series, since=now) if row.state in CAN_BE_CALLED_OFF]
        unanswered = _series().filter(pk=series.pk, confirm_due_at__lte=now)
        if not unanswered.update(
            confirm_asked_at=None, confirm_due_at=None, released_at=now, counted_from=now
        ):
            return False
        for row in rows:
            _give_back(row, now)
        waitlist.leave_dates(series=series, since=now, by=None, now=now)
        audit_series(series, "release", by=None, now=now, data={"dates": len(rows)})
    return True


def _give_back(row: SharingRequest, now: datetime) -> None:
    """What is asked lapses, what is booked is cancelled: by nobody, and with the reason."""
    reason = CancelReason.UNUSED.value
    move(
        row,
        "cancel" if row.state == State.APPROVED else "lapse",
        side=Side.SYSTEM,
        by=None,
        now=now,
        reason_code=reason,
        decision_code=reason,
        due_at=None,
    )


def _series():
    return Series.objects.everywhere(reason=REASON)


def _dates():
    return SharingRequest.objects.everywhere(reason=REASON)


def _related(rows):
    return rows.select_related("resource__site", "owner", "borrower", "created_by").order_by("pk")
