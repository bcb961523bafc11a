"""The borrower changes a series: other times, or no longer.

Only its own dates that are still to come: what is past, has started or was handed over stays, and
so do all other bookings.  Every date is checked again under the lock; all change or none.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from resources.enums import ShareMode
from scheduling.actions import _rules, requests
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import change_times, move
from scheduling.actions.requests import RequestTerms
from scheduling.actions.series import DatesRefused, audit_series, locked_dates
from scheduling.models import Series, SharingRequest
from scheduling.queries.rule_facts import wish_of
from scheduling.queries.series_plan import CHANGEABLE, chosen, stays_booked, times_after
from scheduling.recurrence import Hours
from scheduling.states import CancelReason, Side, State

CAN_BE_CALLED_OFF = (State.REQUESTED, State.COUNTERED, State.APPROVED)


class NothingToChange(Refusal):
    message = _("No date that is still to come would change.")
    status = 422


def dates_from(
    series: Series, first: SharingRequest | None, *, following: bool, states, now: datetime
) -> list[SharingRequest]:
    """Dates still to come in these states, under lock: ``first`` alone, from it on, or all."""
    rows = [row for row in locked_dates(series, since=now) if row.state in states]
    return chosen(rows, first, following=following)


def call_off(
    *,
    series: Series,
    first: SharingRequest | None = None,
    following: bool = False,
    reason_code: str,
    text: str = "",
    by,
    now: datetime,
) -> list[SharingRequest]:
    """Withdraw what is asked and cancel what is booked.  Raises NothingToChange."""
    require(by=by, institution=series.borrower, permission=Permission.ASK, kind=series.kind)
    states = CAN_BE_CALLED_OFF
    rows = dates_from(series, first, following=following, states=states, now=now)
    if not rows:
        raise NothingToChange
    for row in rows:
        _call_off(row, reason_code=reason_code, text=text, by=by, now=now)
    audit_series(
        series, "call_off", by=by, now=now, data={"dates": len(rows), "reason": reason_code}
    )
    return rows


def _call_off(row: SharingRequest, *, reason_code: str, text: str, by, now: datetime) -> None:
    if row.state == State.APPROVED:
        requests.cancel(
            sharing_request=row,
            side=Side.BORROWER,
            reason_code=reason_code,
            text=text,
            by=by,
            now=now,
        )
    elif row.state == State.COUNTERED:
        requests.refuse_counter(sharing_request=row, by=by, now=now, text=text)
    else:
        requests.withdraw(sharing_request=row, by=by, now=now, text=text)


def change_hours(
    *,
    series: Series,
    first: SharingRequest,
    following: bool,
    hours: Hours,
    weekday: int | None = None,
    text: str = "",
    accepted: dict[str, str] | None = None,
    by,
    now: datetime,
) -> list[SharingRequest]:
    """Other hours, on the same days or on another ``weekday`` (0: Monday) of the same weeks, for
    one date or from it on.

    What is asked gets the new times, and so does a booking that becomes shorter.  A booking that
    needs other time is given back and asked for again, in this transaction.
    Raises NothingToChange, DatesRefused.
    """
    require(by=by, institution=series.borrower, permission=Permission.ASK, kind=series.kind)
    changed, refusals = [], {}
    for row in dates_from(series, first, following=following, states=CHANGEABLE, now=now):
        times = times_after(row, hours, weekday)
        if times == (row.starts_at, row.ends_at):
            continue
        try:
            with transaction.atomic():
                changed.append(_change(row, times, text, accepted or {}, by=by, now=now))
        except Refusal as refusal:
            refusals[row.starts_at] = refusal
    if refusals:
        raise DatesRefused(refusals)
    if not changed:
        raise NothingToChange
    audit_series(series, "change_hours", by=by, now=now, data={"dates": len(changed)})
    return changed


def _change(row: SharingRequest, times, text: str, accepted, *, by, now) -> SharingRequest:
    fresh = lock_request(row)
    if not stays_booked(fresh, *times):
        return _ask_again(fresh, times, text, accepted, by=by, now=now)
    passed = {entry["code"]: entry["reason"] for entry in fresh.accepted_findings} | accepted
    wish = wish_of(fresh, starts_at=times[0], ends_at=times[1])
    context, findings = _rules.check(wish, now=now, accepted=passed)
    reasons = _rules.reasons_for(findings, accepted)
    _rules.require_passing(
        reasons, by=by, institution=fresh.borrower, kind=fresh.kind, findings=findings
    )
    return change_times(
        fresh,
        "change_hours",
        side=Side.BORROWER,
        by=by,
        now=now,
        text=text,
        data=_rules.passed(reasons),
        starts_at=context.starts_at,
        ends_at=context.ends_at,
        blocked_from=context.blocked_from,
        blocked_until=context.blocked_until,
        accepted_findings=fresh.accepted_findings
        + _rules.accepted_record(reasons, by=by, now=now, findings=findings),
    )


def _ask_again(fresh: SharingRequest, times, text: str, accepted, *, by, now) -> SharingRequest:
    """The booking is given back first: its own time is not in the way of the new one."""
    move(
        fresh,
        "cancel",
        side=Side.BORROWER,
        by=by,
        now=now,
        reason_code=CancelReason.MOVED.value,
        text=text,
        decision_code=CancelReason.MOVED.value,
        due_at=None,
    )
    terms = replace(_terms_of(fresh, accepted), starts_at=times[0], ends_at=times[1])
    return requests.ask(
        resource=fresh.resource, borrower=fresh.borrower, terms=terms, by=by, now=now
    )


def _terms_of(row: SharingRequest, accepted: dict[str, str]) -> RequestTerms:
    """What was asked for, with the reasons that were given for its warnings."""
    passed = {entry["code"]: entry["reason"] for entry in row.accepted_findings}
    return RequestTerms(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        units=row.units,
        mode=row.mode or ShareMode.LOAN,
        priority=row.priority,
        purpose=row.purpose,
        delivery_site=row.delivery_site,
        delivery_place=row.delivery_place,
        transport=row.transport,
        agreement_accepted=row.agreement_accepted_at is not None,
        accepted=passed | accepted,
        series=row.series,
    )
