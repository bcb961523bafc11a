"""Many decisions at once: each is made by itself, so that one that fails stops no other.

Every row has a transaction and an idempotency key of its own.  Locks of one row are let go before
the next one's are taken (two people with overlapping batches never wait for each other), a kill
leaves what was done done, and the same form sent again does only the rest.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import submissions
from medshare_portal.db.errors import is_busy, is_retryable
from medshare_portal.refusals import Busy, Refusal, StaleVersion
from scheduling import series_told
from scheduling.actions import decisions
from scheduling.models import Series, SharingRequest
from scheduling.states import DeclineReason

MOST = 100  # rows of one batch


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """A request as it was ticked: ``version`` as it was read, ``accepted`` code → reason."""

    sharing_request: SharingRequest
    version: int | None
    accepted: dict[str, str]


class LostToAnother(Refusal):
    message = _("Declined by this very approval: another of the ticked ones takes its time.")
    status = 409


@dataclass(frozen=True)
class Outcome:
    """What became of a ticked request; ``refusal`` None: it was done, now or by the same form."""

    sharing_request: SharingRequest
    refusal: Refusal | None


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The form that was sent: by whom, its key and the digest of its fields.  Raises KeyMissing."""

    by: object
    key: str
    digest: str
    now: datetime

    def __post_init__(self):
        if not self.key:
            raise submissions.KeyMissing


def approve_each(*, ticked: Iterable[Ticked], sent: Sent, text: str = "") -> list[Outcome]:
    """Approve each as a whole; warnings need a reason, blocks refuse."""

    def approve(one: Ticked) -> None:
        decisions.approve(
            sharing_request=one.sharing_request,
            by=sent.by,
            now=sent.now,
            version=one.version,
            text=text,
            accepted=one.accepted,
        )

    outcomes = _with_losers([_once(one, sent, approve) for one in ticked], sent)
    for series, dates in _of_series(outcomes):
        series_told.tell_answered(series, dates, [], text=text, now=sent.now)
    return outcomes


def _with_losers(outcomes: list[Outcome], sent: Sent) -> list[Outcome]:
    """Whom an approval of this batch declined did not change by somebody else's doing."""
    stale = [one.sharing_request for one in outcomes if isinstance(one.refusal, StaleVersion)]
    if not stale:
        return outcomes
    lost = set(
        SharingRequest.objects.owned_by(stale[0].owner)
        .filter(
            pk__in=[row.pk for row in stale],
            decision_code=DeclineReason.OTHER_WON.value,
            decided_at=sent.now,
        )
        .values_list("pk", flat=True)
    )
    return [
        Outcome(one.sharing_request, LostToAnother()) if one.sharing_request.pk in lost else one
        for one in outcomes
    ]


def decline_each(
    *, ticked: Iterable[Ticked], sent: Sent, reason_code: str, text: str = ""
) -> list[Outcome]:
    """Decline each with the same coded reason."""

    def decline(one: Ticked) -> None:
        decisions.decline(
            sharing_request=one.sharing_request,
            by=sent.by,
            now=sent.now,
            version=one.version,
            reason_code=reason_code,
            text=text,
        )

    outcomes = [_once(one, sent, decline) for one in ticked]
    for series, dates in _of_series(outcomes):
        series_told.tell_answered(series, [], dates, text=text, now=sent.now)
    return outcomes


def _of_series(outcomes: Iterable[Outcome]) -> list[tuple[Series, list[SharingRequest]]]:
    """The dates that were decided, by their series."""
    done = [one.sharing_request for one in outcomes if one.refusal is None]
    found = defaultdict(list)
    for date in done:
        if date.series_id:
            found[date.series_id].append(date)
    if not found:
        return []
    rows = Series.objects.owned_by(done[0].owner).filter(pk__in=found).order_by("pk")
    return [(series, found[series.pk]) for series in rows.select_related("resource__site")]


def _once(one: Ticked, sent: Sent, decide: Callable[[Ticked], None]) -> Outcome:
    refusal = once(one.sharing_request.pk, sent, lambda: decide(one))
    return Outcome(one.sharing_request, refusal)


def once(pk: int, sent: Sent, decide: Callable[[], object]) -> Refusal | None:
    """Decide about one row in a transaction of its own, unless the same form has done so; says why
    not, if not."""
    try:
        try:
            _claimed(pk, sent, decide)
        except OperationalError as error:
            if not is_retryable(error):
                raise
            _claimed(pk, sent, decide)
    except Refusal as refusal:
        return refusal
    except OperationalError as error:
        if not is_busy(error):
            raise
        return Busy()
    return None


def _claimed(pk: int, sent: Sent, decide: Callable[[], object]) -> None:
    """Decide unless this form has decided this row already.  What is refused claims nothing."""
    with transaction.atomic():
        submission, new = submissions.claim(
            user=sent.by, key=_own_key(sent.key, pk), digest=sent.digest, now=sent.now
        )
        if new:
            decide()
            submissions.answer(submission, "batch")


def _own_key(key: str, pk: int) -> str:
    """A key for this row out of the form's."""
    return hashlib.sha256(f"{key}.{pk}".encode()).hexdigest()[:40]
