"""What waits for an answer past its time: reminders, one step up after some of them.

One table for all that has a ``due_at``.  A person is told once per reminder, however often the
job runs, because the notice's key names it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from medshare_portal import policy
from scheduling import notices
from scheduling.actions._lock import REASON
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, State
from scheduling.workflow import RUNNING

RELATED = ("resource__site", "owner", "borrower", "created_by")


@dataclass(frozen=True)
class Late:
    """A request with an answer that is late; ``mark`` tells several answers of one apart."""

    request: SharingRequest
    due_at: datetime
    mark: str = ""


@dataclass(frozen=True)
class Clock:
    """What may be late, and the notice that reminds of it."""

    notice: str
    late: Callable[[datetime], Iterable[Late]]


def _requests(state: State) -> Callable[[datetime], list[Late]]:
    def late(now: datetime) -> list[Late]:
        rows = SharingRequest.objects.everywhere(reason=REASON).filter(state=state, due_at__lte=now)
        return [Late(row, row.due_at) for row in rows.select_related(*RELATED).order_by("pk")]

    return late


def _extensions(now: datetime) -> list[Late]:
    rows = TimeChange.objects.everywhere(reason=REASON).filter(
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        due_at__lte=now,
        sharing_request__state__in=RUNNING,
    )
    related = rows.select_related(*(f"sharing_request__{name}" for name in RELATED))
    return [
        Late(row.sharing_request, row.due_at, f"change {row.pk} ") for row in related.order_by("pk")
    ]


CLOCKS = (
    Clock("answer-late", _requests(State.REQUESTED)),
    Clock("check-late", _requests(State.FINISHED)),
    Clock("extension-late", _extensions),
)


def remind_late(*, now: datetime) -> int:
    """Remind of everything that is late; how much that is."""
    found = [(clock.notice, late) for clock in CLOCKS for late in clock.late(now)]
    hours = policy.current().request.remind_after_hours
    for notice, late in found:
        level = reached(hours, late.due_at, now)
        if level:
            key = f"{late.mark}late {level}"
            notices.send(notice, late.request, now=now, key=key, wide=goes_up(level))
    return len(found)


def reached(hours: list[int], since: datetime, now: datetime) -> int:
    """How many of these numbers of hours have gone by."""
    passed = (now - since).total_seconds() / 3600
    return sum(passed >= limit for limit in hours)


def goes_up(level: int) -> bool:
    """Whether this reminder goes to all coordinators and approvers as well."""
    return level > policy.current().request.reminders_before_wide
