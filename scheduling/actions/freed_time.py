"""What a move does to the wait-list: freed time is marked, an offered place ends with its hold."""

from datetime import datetime

from django.db.models import BigIntegerField, CharField

from medshare_portal.db.prepared import Bind, Prepared
from resources.intervals import Interval, subtract
from scheduling import notices_waiting
from scheduling.after_moves import register
from scheduling.models import FreedTime, SharingRequest, TransitionLog, WaitlistEntry
from scheduling.waiting import WaitState

REASON = "the line is the system's: a mark is left, nobody is named"
# Steps after which others may have the time, or a part of it.
FREEING = frozenset(
    {
        "cancel", "cancel_by_owner", "change_hours", "close", "decline", "lapse", "no_show",
        "recall", "refuse_counter", "release", "release_booking", "return", "shortening",
        "submit", "withdraw",
    }
)  # fmt: skip
EARLIER_END = frozenset({"recall", "shortening"})
ENDS_A_PROMISE = {
    "submit": WaitState.TAKEN,
    "lapse": WaitState.MISSED,
    "withdraw": WaitState.LEFT,
}
SOMEBODY_WAITS = Prepared(
    lambda: (
        WaitlistEntry.objects.everywhere(reason=REASON)
        .waiting()
        .filter(kind=Bind("kind", CharField()))
        .values_list("pk")[:1]
    )
)
PROMISED = Prepared(
    lambda: (
        WaitlistEntry.objects.everywhere(reason=REASON)
        .filter(promise=Bind("request", BigIntegerField()), state=WaitState.OFFERED)
        .values_list("pk")
    )
)


@register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """Runs in the move's transaction; writes rows that hang on the request, which it holds."""
    if transition in ENDS_A_PROMISE:
        _end_promise(sharing_request, transition, now)
    if transition in FREEING and sharing_request.ends_at is not None:
        _mark(sharing_request, transition, now)


def _end_promise(sharing_request: SharingRequest, transition: str, now: datetime) -> None:
    for pk in PROMISED.column(request=sharing_request.pk):
        state = ENDS_A_PROMISE[transition]
        rows = WaitlistEntry.objects.everywhere(reason=REASON).filter(pk=pk)
        rows.update(state=state, ended_at=now)
        if state == WaitState.MISSED:
            entry = rows.select_related("borrower", "resource", "category", "created_by").get()
            notices_waiting.place_missed(entry, now=now)


def _mark(sharing_request: SharingRequest, transition: str, now: datetime) -> None:
    """Only where somebody waits: an entry that joins later is looked for at once."""
    if not SOMEBODY_WAITS.column(kind=sharing_request.kind):
        return
    for starts_at, ends_at in _freed(sharing_request, transition):
        if max(starts_at, now) < ends_at:
            FreedTime.objects.create(
                sharing_request=sharing_request,
                starts_at=max(starts_at, now),
                ends_at=ends_at,
                cause=transition,
                freed_at=now,
            )


def _freed(sharing_request: SharingRequest, transition: str) -> list[Interval]:
    if transition in EARLIER_END:
        return [(sharing_request.ends_at, _times_before(sharing_request)[1])]
    if transition == "change_hours":
        return [_times_before(sharing_request)]
    if transition == "submit":  # at other times than were held
        now_asked = (sharing_request.starts_at, sharing_request.ends_at)
        return subtract([_times_before(sharing_request)], [now_asked])
    return [(sharing_request.blocked_from, sharing_request.blocked_until)]


def _times_before(sharing_request: SharingRequest) -> tuple[datetime, datetime]:
    """The times that the change took away, from its line in the log."""
    last = TransitionLog.objects.of(sharing_request).order_by("-pk").first()
    return (
        last.old_starts_at or sharing_request.starts_at,
        last.old_ends_at or sharing_request.ends_at,
    )
