"""The owner calls off what is still to come of a series, with the notice that it promised."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from medshare_portal.roles import Permission
from scheduling.actions import decisions, requests
from scheduling.actions._lock import require
from scheduling.actions.series import audit_series, locked_dates
from scheduling.actions.series_changes import NothingToChange
from scheduling.models import Series, SharingRequest
from scheduling.states import CancelReason, DeclineReason, Side, State

ENDED_BY_OWNER = (State.REQUESTED, State.APPROVED)
DECLINED = {
    CancelReason.OWN_NEED.value: DeclineReason.OWN_NEED.value,
    CancelReason.DEFECT.value: DeclineReason.NOT_READY.value,
}


@dataclass(kw_only=True)
class Recalled:
    """What became of the dates: ``kept`` start within the notice that the offer promised."""

    ended: list[SharingRequest] = field(default_factory=list)
    kept: list[SharingRequest] = field(default_factory=list)


def split(
    dates: Iterable[SharingRequest], *, now: datetime
) -> tuple[list[SharingRequest], list[SharingRequest]]:
    """Of the dates to come those that the owner may call off now, and the booked ones that start
    too soon for that; a counter-offer waits for the borrower."""
    to_come = [row for row in dates if row.starts_at > now and row.state in ENDED_BY_OWNER]
    soon = {
        row.pk
        for row in to_come
        if row.state == State.APPROVED
        and row.starts_at < now + timedelta(hours=row.recall_notice_hours)
    }
    return [r for r in to_come if r.pk not in soon], [r for r in to_come if r.pk in soon]


def recall(*, series: Series, reason_code: str, text: str = "", by, now: datetime) -> Recalled:
    """Cancel what is booked and decline what is asked, as far ahead as was promised; the borrower
    is told once of each, with what could be had instead.  Raises NothingToChange, FourEyes."""
    require(by=by, institution=series.owner, permission=Permission.DECIDE, kind=series.kind)
    ended, kept = split(locked_dates(series, since=now), now=now)
    if not ended:
        raise NothingToChange
    for row in ended:
        _end(row, reason_code=reason_code, text=text, by=by, now=now)
    audit_series(
        series,
        "recall",
        by=by,
        now=now,
        data={"dates": len(ended), "kept": len(kept), "reason": reason_code},
    )
    return Recalled(ended=ended, kept=kept)


def _end(row: SharingRequest, *, reason_code: str, text: str, by, now: datetime) -> None:
    said = {"sharing_request": row, "text": text, "by": by, "now": now}
    if row.state == State.APPROVED:
        requests.cancel(**said, side=Side.OWNER, reason_code=reason_code)
        return
    reason = DECLINED.get(reason_code, DeclineReason.OTHER.value)
    decisions.decline(**said, reason_code=reason)
