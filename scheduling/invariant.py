"""What a truth of the data is, and the groups of states that truths speak of: a leaf."""

from dataclasses import dataclass

from scheduling.states import State

REQUEST = "scheduling_sharingrequest"


def listed(states) -> str:
    return ", ".join(f"'{state}'" for state in states)


HOLDING, OPEN, ENDED, DECIDED = (
    listed(group) for group in (State.HOLDS_CAPACITY, State.OPEN, State.ENDED, State.DECIDED)
)
HANDED_OVER, RETURNED = listed(["underway", "finished", "closed"]), listed(["finished", "closed"])


@dataclass(frozen=True, kw_only=True)
class Invariant:
    """``query`` selects the rows that break it; ``says`` names one, by the query's columns."""

    name: str
    truth: str
    query: str
    says: str


@dataclass(frozen=True)
class Breach:
    invariant: str
    text: str
