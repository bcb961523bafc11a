"""What a move does to the wait-list: freed time is marked, an offered place ends with its hold."""

from datetime import datetime

from django.db.models import BigIntegerField, CharField

from medshare_portal.db.prepared import Bind, Prepared
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
        "withdraw",
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
    first, last = sharing_request.blocked_from, sharing_request.blocked_until
    if transition in EARLIER_END:
        first, last = sharing_request.ends_at, _times_before(sharing_request)[1]
    elif transition == "change_hours":
        first, last = _times_before(sharing_request)
    first = max(first, now)
    if first < last and SOMEBODY_WAITS.column(kind=sharing_request.kind):
        FreedTime.objects.create(
            sharing_request=sharing_request,
            starts_at=first,
            ends_at=last,
            cause=transition,
            freed_at=now,
        )


def _times_before(sharing_request: SharingRequest) -> tuple[datetime, datetime]:
    """The times that the change took away, from its line in the log."""
    last = TransitionLog.objects.of(sharing_request).order_by("-pk").first()
    return (
        last.old_starts_at or sharing_request.starts_at,
        last.old_ends_at or sharing_request.ends_at,
    )
