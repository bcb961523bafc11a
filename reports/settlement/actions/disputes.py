"""Disputes about a line: raised by one side, answered by the other.

Every action locks the line's statement first, so that of two answers, or of an answer and a
withdrawal, one finds the dispute still open and the other is told what became of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.models import RoleGroup
from medshare_portal.money import TooLarge, amount_of
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, permissions_of
from reports import notices
from reports.models import LineDispute, StatementLine
from reports.settlement.actions.adjusting import adjust
from reports.settlement.actions.closing import lock_statement
from reports.settlement.actions.telling import of_dispute
from reports.settlement.queries.figures import figures_of
from reports.settlement.states import DisputeState, LineSide, LineSort, StatementState
from scheduling.actions._lock import NotYours, require

REASON = "re-read under lock of a dispute that the caller holds"
MOST_TEXT = 1000


class NotDisputable(Refusal):
    message = _("Only the line of a share can be disputed, by one of its sides.")
    status = 404


class TooLate(Refusal):
    message = _("The time in which this line could be disputed is over.")


class DisputedAlready(Refusal):
    message = _("This line is disputed already.")


class NothingChanges(Refusal):
    message = _("These are the figures that the line has now.")
    field = "quantity"
    status = 422


class AmountTooLarge(Refusal):
    message = _("This is more than a statement can hold.")
    field = "price"
    status = 422


class SettledAlready(Refusal):
    """Somebody was faster, or the page is old."""

    message = _("This dispute has been settled in the meantime: %(state)s.")


class CityNotYet(Refusal):
    message = _("The other side still has time to answer; the city can be asked after that.")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What one side says is right, and why."""

    quantity: Decimal
    price: Decimal
    reason: str


def dispute(*, line: StatementLine, claim: Claim, institution, by, now: datetime) -> LineDispute:
    """Dispute the line of a share.  An acceptance of the statement is void from then on.

    Raises NotYours, NotDisputable, TooLate, DisputedAlready, NothingChanges, AmountTooLarge.
    """
    require(by=by, institution=institution, permission=Permission.SETTLE, kind=None)
    side = side_of(line, institution)
    if side is None:
        raise NotDisputable
    statement = lock_statement(line.statement_id)
    if not can_be_disputed(statement, now):
        raise TooLate
    disputes = LineDispute.objects.of(statement).filter(line=line)
    if disputes.unsettled().exists():
        raise DisputedAlready
    before = figures_of(line, disputes)
    if (claim.quantity, claim.price) == (before.quantity, before.price):
        raise NothingChanges
    made = LineDispute.objects.create(
        line=line,
        claims=side,
        before_quantity=before.quantity,
        before_price=before.price,
        before_amount=before.amount,
        after_quantity=claim.quantity,
        after_price=claim.price,
        after_amount=_amount(claim, statement.currency),
        reason=claim.reason[:MOST_TEXT],
        raised_at=now,
        raised_by=by,
    )
    _take_acceptances_back(statement)
    made.line.statement = statement
    _tell(made, "statement.disputed", notices.LineDisputed, to=[made.respondent], by=by, now=now,
          text=claim.reason)  # fmt: skip
    return made


def side_of(line: StatementLine, institution) -> LineSide | None:
    """On which side of the line of a share the institution stands, if on any."""
    if line.sort != LineSort.SHARE:
        return None
    sides = {line.debtor_id: LineSide.DEBTOR, line.creditor_id: LineSide.CREDITOR}
    return sides.get(institution.pk)


def can_be_disputed(statement, now: datetime) -> bool:
    """In review, and for some time after it has closed."""
    if statement.state == StatementState.REVIEW:
        return True
    days = policy.current().settlement.late_days
    closed = statement.state == StatementState.CLOSED
    return closed and now < statement.closed_at + timedelta(days=days)


def _amount(claim: Claim, currency: str) -> int:
    try:
        return amount_of(claim.quantity, claim.price, currency)
    except TooLarge as error:
        raise AmountTooLarge from error


def _take_acceptances_back(statement) -> None:
    if statement.state != StatementState.REVIEW:
        return
    for side in ("first", "second"):
        setattr(statement, f"{side}_accepted_at", None)
        setattr(statement, f"{side}_accepted_by", None)
    statement.save()


def withdraw(*, dispute: LineDispute, institution, by, now: datetime) -> LineDispute:
    """Who raised it takes it back, also from the city."""
    fresh = _open(dispute, institution, by, side="claimant", states=DisputeState.UNSETTLED)
    to = [fresh.respondent]
    state = DisputeState.WITHDRAWN
    return _end(fresh, state, "statement.dispute_withdrawn", by=by, now=now, text="", to=to)


def answer(
    *, dispute: LineDispute, agree: bool, text: str, institution, by, now: datetime
) -> LineDispute:
    """The other side agrees – the adjustment is entered – or the line stays."""
    fresh = _open(dispute, institution, by, side="respondent", states=(DisputeState.OPEN,))
    fresh.answer, fresh.answered_at, fresh.answered_by = text[:MOST_TEXT], now, by
    return _end(
        fresh,
        DisputeState.AGREED if agree else DisputeState.REFUSED,
        "statement.dispute_agreed" if agree else "statement.dispute_refused",
        by=by,
        now=now,
        text=text,
        to=[fresh.claimant],
    )


def ask_city(*, dispute: LineDispute, institution, by, now: datetime) -> LineDispute:
    """Refused, or not answered in time: the city decides.  Raises CityNotYet."""
    states = (DisputeState.OPEN, DisputeState.REFUSED)
    fresh = _open(dispute, institution, by, side="claimant", states=states)
    if not city_can_be_asked(fresh, now):
        raise CityNotYet
    others = LineDispute.objects.of(fresh.line.statement).exclude(pk=fresh.pk)
    if others.filter(line=fresh.line).unsettled().exists():
        raise DisputedAlready
    fresh.state, fresh.city_asked_at, fresh.city_asked_by = DisputeState.WITH_CITY, now, by
    fresh.save()
    _tell(fresh, "statement.city_asked", notices.CityAsked, to=[None, fresh.respondent], by=by,
          now=now, text=fresh.reason)  # fmt: skip
    return fresh


def city_can_be_asked(dispute: LineDispute, now: datetime) -> bool:
    if dispute.state == DisputeState.REFUSED:
        return True
    days = policy.current().settlement.answer_days
    waited = now >= dispute.raised_at + timedelta(days=days)
    return dispute.state == DisputeState.OPEN and waited


def decide(*, dispute: LineDispute, uphold: bool, text: str, by, now: datetime) -> LineDispute:
    """The city's word: as who raised it says, or as the line is."""
    held = RoleGroup.objects.of_user(by).filter(institution__isnull=True)
    if Permission.DECIDE_DISPUTE not in permissions_of(held.values_list("role", flat=True)):
        raise NotYours
    fresh = _locked(dispute, (DisputeState.WITH_CITY,))
    fresh.decision, fresh.decided_at, fresh.decided_by = text[:MOST_TEXT], now, by
    return _end(
        fresh,
        DisputeState.UPHELD if uphold else DisputeState.DISMISSED,
        "statement.dispute_upheld" if uphold else "statement.dispute_dismissed",
        by=by,
        now=now,
        text=text,
        to=[fresh.line.creditor, fresh.line.debtor],
    )


def _open(dispute, institution, by, *, side: str, states) -> LineDispute:
    """The dispute under lock, this institution its claimant or respondent.  Raises NotYours."""
    require(by=by, institution=institution, permission=Permission.SETTLE, kind=None)
    fresh = _locked(dispute, states)
    if getattr(fresh, side).pk != institution.pk:
        raise NotYours
    return fresh


def _locked(dispute: LineDispute, states) -> LineDispute:
    """Raises SettledAlready."""
    statement = lock_statement(dispute.line.statement_id)
    rows = LineDispute.objects.of(statement).select_related("line__creditor", "line__debtor")
    fresh = rows.get(pk=dispute.pk)
    fresh.line.statement = statement
    if fresh.state not in states:
        raise SettledAlready(SettledAlready.message % {"state": fresh.get_state_display()})
    return fresh


def _end(fresh: LineDispute, state, action: str, *, by, now: datetime, text, to) -> LineDispute:
    fresh.state = state
    fresh.save()
    if state in DisputeState.ADJUSTS:
        adjust(fresh, now=now)
    _tell(fresh, action, notices.DisputeAnswered, to=to, by=by, now=now, text=text)
    return fresh


def _tell(dispute: LineDispute, action: str, told, *, to, by, now: datetime, text: str) -> None:
    of_dispute(dispute, action, told, to=to, other=dispute.claimant, by=by, now=now, text=text)
