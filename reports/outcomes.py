"""What became of a request that has ended, as the facts of demand and of use say it."""

from reports.demand import Outcome
from scheduling.basket_states import IN_A_BASKET
from scheduling.states import CancelReason, ChangeKind, LapseReason, State

OF_REQUEST = {
    State.CLOSED: Outcome.FILLED,
    State.DECLINED: Outcome.REFUSED,
    State.LAPSED: Outcome.TOO_SLOW,
    State.WITHDRAWN: Outcome.WITHDRAWN,
    State.CANCELLED: Outcome.CANCELLED,
    State.NO_SHOW: Outcome.NOT_COLLECTED,
}
OF_REASON = {
    CancelReason.RECALLED.value: Outcome.RECALLED,
    LapseReason.TOO_SLOW.value: Outcome.TOO_SLOW,
    LapseReason.NOT_TAKEN_UP.value: Outcome.MISSED,
    CancelReason.UNUSED.value: Outcome.RELEASED,
    IN_A_BASKET: Outcome.RELEASED,
}


def outcome_of(row) -> Outcome:
    """Reads the request's ``time_changes``: prefetch them for many."""
    if any(change.kind == ChangeKind.RECALL for change in row.time_changes.all()):
        return Outcome.RECALLED
    if row.state == State.CANCELLED and row.decision_code in CancelReason.OF_OWNER:
        return Outcome.RECALLED
    return OF_REASON.get(row.decision_code, OF_REQUEST[State(row.state)])
