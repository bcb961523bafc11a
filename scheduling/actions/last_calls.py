"""A last call before something ends by itself because nobody answered.

One table for all that lapses.  The call comes some hours before the end (policy pack), of a time
to answer that is shorter after half of it; a person is told once, because the notice's key names
the end.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Greatest

from medshare_portal import policy
from scheduling import notices
from scheduling.actions._lock import REASON
from scheduling.actions.clocks import RELATED
from scheduling.kinds import kinds
from scheduling.models import SharingRequest, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, State
from scheduling.workflow import RUNNING


@dataclass(frozen=True)
class Ending:
    """A request of which something ends at ``ends_at``; ``since`` it could be answered."""

    request: SharingRequest
    since: datetime
    ends_at: datetime

    def is_near(self, now: datetime, margin: timedelta) -> bool:
        return self.ends_at - now <= min(margin, (self.ends_at - self.since) / 2)


@dataclass(frozen=True)
class Call:
    """What may lapse, and the notice that says so before."""

    notice: str
    ending: Callable[[datetime, datetime], Iterable[Ending]]  # after ``now``, until a moment


def _unanswered(now: datetime, until: datetime) -> list[Ending]:
    """Requests end undecided when their time begins."""
    rows = _rows().filter(state=State.REQUESTED, starts_at__gt=now, starts_at__lte=until)
    return [Ending(row, row.submitted_at, row.starts_at) for row in rows]


def _countered(now: datetime, until: datetime) -> list[Ending]:
    rows = _rows().filter(state=State.COUNTERED, due_at__gt=now, due_at__lte=until)
    return [Ending(row, row.decided_at, row.due_at) for row in rows]


def _extensions(now: datetime, until: datetime) -> list[Ending]:
    """Extensions end with the time that they would have extended, or with their answer's time."""
    rows = TimeChange.objects.everywhere(reason=REASON).filter(
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        due_at__isnull=False,
        sharing_request__state__in=RUNNING,
    )
    rows = rows.annotate(lapses_at=Greatest("due_at", "old_ends_at"))
    near = rows.filter(lapses_at__gt=now, lapses_at__lte=until)
    related = near.select_related(*(f"sharing_request__{name}" for name in RELATED))
    return [
        Ending(row.sharing_request, row.asked_at, row.lapses_at) for row in related.order_by("pk")
    ]


def _rows():
    return SharingRequest.objects.everywhere(reason=REASON).select_related(*RELATED).order_by("pk")


CALLS = (
    Call("answer-soon", _unanswered),
    Call("counter-soon", _countered),
    Call("extension-soon", _extensions),
)


def call(*, now: datetime) -> int:
    """Remind of all that is about to lapse; how much that is."""
    margin = timedelta(hours=policy.current().request.remind_before_lapse_hours)
    found = [
        (call.notice, ending)
        for call in CALLS
        for ending in call.ending(now, now + margin)
        if ending.is_near(now, margin)
    ]
    for notice, ending in found:
        row = ending.request
        own = kinds[row.kind].notices.get(notice, notice)
        if own:
            said = notices.of_series(row, f"lapses {ending.ends_at:%Y%m%dT%H%M}")
            notices.send(own, row, now=now, **said)
    return len(found)
