"""Both sides answer a published proposal, line by line.

The borrower's yes makes the sharing request, by the action of its kind and under its rules; from
then on the owner decides it like any other, and what becomes of it becomes of the proposal.
"""

from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling import after_moves, notices_rounds
from scheduling.actions import requests
from scheduling.actions._lock import lock_resource, require
from scheduling.kinds import kinds
from scheduling.models import NeedState, Proposal, SharingRequest
from scheduling.round_states import ProposalState, RoundDecline
from scheduling.states import Side, State

REASON = "the system's own moves: a proposal follows the request that it became"
REMIND_BEFORE = timedelta(hours=12)
QUIET_AFTER_PUBLISHING = timedelta(hours=6)  # nobody is told twice in an afternoon
# What becomes of the proposal when its request gets into this state.
FOLLOWS = {
    State.APPROVED: ProposalState.AGREED,
    State.DECLINED: ProposalState.DECLINED,
    State.WITHDRAWN: ProposalState.DECLINED,
    State.CANCELLED: ProposalState.DECLINED,
    State.LAPSED: ProposalState.EXPIRED,
}


class AnsweredAlready(Refusal):
    message = _("This proposal has been answered already.")


class TooLate(Refusal):
    message = _("The time to answer this proposal is over.")


class NeedIsOver(Refusal):
    message = _("The need has ended. Decline the proposal.")


class WrongReason(Refusal):
    message = _("Choose a reason.")
    field = "reason_code"
    status = 422


def accept(*, proposal: Proposal, terms, by, now: datetime) -> SharingRequest:
    """The borrower's yes: asks the owner with these terms of the kind.

    Raises NotYours, AnsweredAlready, TooLate, NeedIsOver, and what the kind's ``ask`` raises.
    """
    require(by=by, institution=proposal.borrower, permission=Permission.ASK, kind=proposal.kind)
    resource = lock_resource(proposal.resource_id)
    fresh = _waiting(proposal, proposal.borrower, now)
    if fresh.need.state != NeedState.OPEN:
        raise NeedIsOver
    ask = kinds[fresh.kind].ask or requests.ask
    made = ask(resource=resource, borrower=fresh.borrower, terms=terms, by=by, now=now)
    agreed = made.state == State.APPROVED  # the offer's rule said yes at once
    fresh.state = ProposalState.AGREED if agreed else ProposalState.ASKED
    fresh.sharing_request, fresh.answered_at, fresh.answered_by = made, now, by
    fresh.save(update_fields=["state", "sharing_request", "answered_at", "answered_by"])
    _record(fresh, "accepted", by=by, now=now, data={"request": made.reference})
    return made


def decline(
    *, proposal: Proposal, institution, reason_code: str, text: str = "", by, now: datetime
) -> None:
    """Either side's no; the next rounds do not propose the two to each other for a while.

    Raises NotYours, AnsweredAlready, TooLate, WrongReason."""
    side = proposal.side_of(institution)
    owner = side == Side.OWNER
    permission = Permission.DECIDE if owner else Permission.ASK
    require(by=by, institution=institution, permission=permission, kind=proposal.kind)
    if reason_code not in (RoundDecline.OF_OWNER if owner else RoundDecline.OF_BORROWER):
        raise WrongReason
    fresh = _waiting(proposal, institution, now)
    _declined(fresh, side, reason_code, text, by, now)
    notices_rounds.declined(fresh, side=side, now=now)
    _record(fresh, "declined", by=by, now=now, data={"reason": reason_code})


def remind(*, now: datetime) -> int:
    """Who has not answered hears it once more before the time is over: once for each round and
    institution, however often this runs.  Returns how many proposals are about to end."""
    rows = Proposal.objects.everywhere(reason=REASON).filter(
        state=ProposalState.PUBLISHED,
        expires_at__gt=now,
        expires_at__lte=now + REMIND_BEFORE,
        run__published_at__lte=now - QUIET_AFTER_PUBLISHING,
    )
    rows = rows.select_related("owner", "borrower").order_by("run", "pk")
    found = 0
    for _run, group in groupby(rows, key=lambda row: row.run_id):
        lines = list(group)
        notices_rounds.still_wait(lines, now=now)
        found += len(lines)
    return found


def expire(*, now: datetime) -> int:
    """Proposals that nobody answered, or whose need has ended."""
    rows = Proposal.objects.everywhere(reason=REASON).filter(state=ProposalState.PUBLISHED)
    late = rows.filter(expires_at__lte=now).update(state=ProposalState.EXPIRED)
    over = rows.exclude(need__state=NeedState.OPEN).values_list("pk", flat=True)
    return late + rows.filter(pk__in=list(over)).update(state=ProposalState.EXPIRED)


@after_moves.register
def follow_request(*, sharing_request, transition: str, by, now: datetime) -> None:
    """What becomes of a request becomes of the proposal that it came from."""
    state = FOLLOWS.get(State(sharing_request.state))
    if state is None:
        return
    rows = Proposal.objects.everywhere(reason=REASON).filter(
        sharing_request=sharing_request, state__in=[ProposalState.ASKED, ProposalState.AGREED]
    )
    for row in rows.exclude(state=state):
        if state == ProposalState.DECLINED:
            side = _side_that_ended(sharing_request)
            code = sharing_request.decision_code or RoundDecline.OTHER
            _declined(row, side, code, "", by, now)
        else:
            rows.filter(pk=row.pk).update(state=state)


def _side_that_ended(sharing_request) -> Side:
    owner = sharing_request.state == State.DECLINED
    return Side.OWNER if owner else Side.BORROWER


def _declined(row: Proposal, side: Side, code: str, text: str, by, now: datetime) -> None:
    row.state, row.declined_by_side, row.decline_code = ProposalState.DECLINED, side, code
    row.decline_text, row.answered_at, row.answered_by = text.strip(), now, by
    row.save(
        update_fields=[
            "state", "declined_by_side", "decline_code", "decline_text", "answered_at",
            "answered_by",
        ]
    )  # fmt: skip


def _waiting(proposal: Proposal, institution, now: datetime) -> Proposal:
    """The proposal under lock, while it waits for an answer."""
    rows = Proposal.objects.concerning(institution).select_related(
        "need__institution", "need__site", "owner", "borrower", "resource"
    )
    fresh = rows.select_for_update(of=("self",)).get(pk=proposal.pk)
    if fresh.state != ProposalState.PUBLISHED:
        raise AnsweredAlready
    if fresh.expires_at <= now:
        raise TooLate
    return fresh


def _record(row: Proposal, action: str, *, by, now: datetime, data: dict) -> None:
    audit.record(
        chains=[row.owner.slug, row.borrower.slug],
        by=by,
        action=f"proposal.{action}",
        obj=row,
        now=now,
        data={"what": row.need.what} | data,
    )
