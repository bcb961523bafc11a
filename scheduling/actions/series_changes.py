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
from scheduling.actions import _rules, requests, waitlist
from scheduling.actions._lock import lock_request, require
from scheduling.actions._move import change_times, move
from scheduling.actions.requests import RequestTerms
from scheduling.actions.series import DatesRefused, audit_series, keep_apart, locked_dates
from scheduling.kinds import kinds
from scheduling.models import Series, SharingRequest
from scheduling.queries.rule_facts import wish_of
from scheduling.queries.series_plan import CHANGEABLE, beside, chosen, moves, stays_booked
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
    """Withdraw what is asked, cancel what is booked, leave the line for what is waited for.

    Raises NothingToChange.
    """
    require(by=by, institution=series.borrower, permission=Permission.ASK, kind=series.kind)
    states = CAN_BE_CALLED_OFF
    rows = dates_from(series, first, following=following, states=states, now=now)
    for row in rows:
        _call_off(row, reason_code=reason_code, text=text, by=by, now=now)
    left = 0
    if first is None or following:
        since = now if first is None else first.starts_at
        left = waitlist.leave_dates(series=series, since=since, by=by, now=now)
    if not rows and not left:
        raise NothingToChange
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
    needs other time is given back and asked for again, in this transaction; where several have
    agreed to the hours (``WorkflowKind.terms_again``), whatever changes is.
    Raises NothingToChange, DatesRefused.
    """
    require(by=by, institution=series.borrower, permission=Permission.ASK, kind=series.kind)
    every = [row for row in locked_dates(series, since=now) if row.state in CHANGEABLE]
    moved = moves(chosen(every, first, following=following), hours, weekday)
    if not moved:
        raise NothingToChange
    after = {row.pk: when for row, when in moved}
    together = beside(every, after)
    kept = [row for row in every if row.state == State.REQUESTED and row.pk not in after]
    with transaction.atomic():
        changed = _change_all(moved, together, kept, text, accepted or {}, by=by, now=now)
    audit_series(series, "change_hours", by=by, now=now, data={"dates": len(changed)})
    return changed


def _change_all(moved, together, kept, text: str, accepted, *, by, now) -> list[SharingRequest]:
    """First everything is given back that is asked for anew: no date's own time, nor that of
    another, is in the way of what it becomes; ``kept`` are the undecided that stay as they are."""
    anew = {row.pk for row, times in moved if not stays_booked(row, *times)}
    for row, _times in moved:
        if row.pk in anew:
            _give_back(row, text, by=by, now=now)
    changed, refusals = [], {}
    for row, times in moved:
        try:
            with transaction.atomic():
                if row.pk in anew:
                    new = _ask_again(row, times, together, accepted, by=by, now=now)
                else:
                    new = _change(row, times, text, accepted, by=by, now=now)
                keep_apart(new, [*kept, *changed])
            changed.append(new)
        except Refusal as refusal:
            refusals[row.starts_at] = refusal
    if refusals:
        raise DatesRefused(refusals)
    return changed


def _change(row: SharingRequest, times, text: str, accepted, *, by, now) -> SharingRequest:
    fresh = lock_request(row)
    passed = _passed(fresh) | accepted
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
        **_sooner_due(fresh, context.starts_at),
        accepted_findings=fresh.accepted_findings
        + _rules.accepted_record(reasons, by=by, now=now, findings=findings),
    )


def _sooner_due(row: SharingRequest, starts_at: datetime) -> dict:
    """An answer is of use before the start only."""
    waits = row.due_at is not None and row.state == State.REQUESTED
    return {"due_at": starts_at} if waits and starts_at < row.due_at else {}


def _give_back(row: SharingRequest, text: str, *, by, now: datetime) -> None:
    said = {"side": Side.BORROWER, "by": by, "now": now, "text": text, "due_at": None}
    if row.state == State.REQUESTED:
        move(row, "withdraw", **said)
        return
    code = CancelReason.MOVED.value
    move(row, "cancel", reason_code=code, decision_code=code, **said)


def _ask_again(row: SharingRequest, times, together, accepted, *, by, now) -> SharingRequest:
    kind = kinds[row.kind]
    if kind.terms_again is not None:
        passed = _passed(row) | accepted
        terms = kind.terms_again(row, *times, beside=together, accepted=passed)
    else:
        terms = replace(_terms_of(row, accepted), starts_at=times[0], ends_at=times[1])
    ask = kind.ask or requests.ask
    return ask(resource=row.resource, borrower=row.borrower, terms=terms, by=by, now=now)


def _passed(row: SharingRequest) -> dict[str, str]:
    return {entry["code"]: entry["reason"] for entry in row.accepted_findings}


def _terms_of(row: SharingRequest, accepted: dict[str, str]) -> RequestTerms:
    """What was asked for, with the reasons that were given for its warnings."""
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
        accepted=_passed(row) | accepted,
        series=row.series,
    )
