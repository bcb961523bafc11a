"""The workflow as data: every move that a sharing request can make.

Buttons, permissions, legality, the database's transition trigger, the diagram in the docs and
the tests are all read from ``TRANSITIONS``.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal.roles import Permission
from scheduling.states import Side, State


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A named move from one of ``sources`` to ``target`` by one side.

    ``forward``: it brings the share on, so it waits while the request is suspended.
    """

    name: str
    label: Promise
    sources: tuple[State, ...]
    target: State
    sides: tuple[Side, ...]
    permission: Permission | None  # None: only the system moves it

    @property
    def forward(self) -> bool:
        return self.target in (State.APPROVED, State.UNDERWAY)


def _transition(name, label, sources, target, sides, permission=None):
    return Transition(
        name=name, label=label, sources=sources, target=target, sides=sides, permission=permission
    )


S, OWNER, BORROWER, SYSTEM = State, (Side.OWNER,), (Side.BORROWER,), (Side.SYSTEM,)
EITHER = (Side.OWNER, Side.BORROWER)

TRANSITIONS = {
    transition.name: transition
    for transition in (
        _transition("submit", _("Send request"), (S.HELD,), S.REQUESTED, BORROWER, Permission.ASK),
        _transition("approve", _("Approve"), (S.REQUESTED,), S.APPROVED, OWNER, Permission.DECIDE),
        _transition(
            "approve_by_city",
            _("Approve in the owner's place"),
            (S.REQUESTED,),
            S.APPROVED,
            (Side.CITY,),
            Permission.DECLARE_CRISIS,
        ),
        _transition("auto_approve", _("Approve automatically"), (S.REQUESTED,), S.APPROVED, SYSTEM),
        _transition(
            "counter", _("Counter-offer"), (S.REQUESTED,), S.COUNTERED, OWNER, Permission.DECIDE
        ),
        _transition(
            "accept_counter",
            _("Accept counter-offer"),
            (S.COUNTERED,),
            S.APPROVED,
            BORROWER,
            Permission.ASK,
        ),
        _transition(
            "refuse_counter",
            _("Refuse counter-offer"),
            (S.COUNTERED,),
            S.WITHDRAWN,
            BORROWER,
            Permission.ASK,
        ),
        _transition(
            "resubmit",
            _("Send again"),
            (S.COUNTERED,),
            S.REQUESTED,
            BORROWER,
            Permission.ASK,
        ),
        # By the city only with its own approval of a rival.
        _transition(
            "decline",
            _("Decline"),
            (S.REQUESTED,),
            S.DECLINED,
            (Side.OWNER, Side.CITY),
            Permission.DECIDE,
        ),
        _transition(
            "withdraw", _("Withdraw"), (S.HELD, S.REQUESTED), S.WITHDRAWN, BORROWER, Permission.ASK
        ),
        _transition("lapse", _("Lapse"), (S.HELD, S.REQUESTED, S.COUNTERED), S.LAPSED, SYSTEM),
        _transition(
            "cancel",
            _("Cancel"),
            (S.APPROVED,),
            S.CANCELLED,
            (Side.BORROWER, Side.SYSTEM),
            Permission.ASK,
        ),
        _transition(
            "cancel_by_owner", _("Cancel"), (S.APPROVED,), S.CANCELLED, OWNER, Permission.DECIDE
        ),
        # With its all-or-nothing basket, when another item of that ends.
        _transition("release", _("Release"), (S.REQUESTED, S.COUNTERED), S.WITHDRAWN, SYSTEM),
        _transition("release_booking", _("Release"), (S.APPROVED,), S.CANCELLED, SYSTEM),
        _transition(
            "no_show",
            _("Not collected"),
            (S.APPROVED,),
            S.NO_SHOW,
            (Side.OWNER, Side.SYSTEM),
            Permission.HAND_OVER,
        ),
        _transition(
            "hand_over", _("Hand over"), (S.APPROVED,), S.UNDERWAY, EITHER, Permission.HAND_OVER
        ),
        _transition(
            "return",
            _("Return"),
            (S.UNDERWAY,),
            S.FINISHED,
            (*EITHER, Side.SYSTEM),
            Permission.HAND_OVER,
        ),
        _transition(
            "close", _("Close after check"), (S.FINISHED,), S.CLOSED, OWNER, Permission.POST_CHECK
        ),
    )
}

RUNNING = (S.APPROVED, S.UNDERWAY)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A step of one side that leaves the state as it is: other times, or a fault in use."""

    name: str
    label: Promise
    side: Side
    permission: Permission
    sources: tuple[State, ...] = RUNNING


CHANGES = (
    Change(
        name="extension",
        label=_("Ask for more time"),
        side=Side.BORROWER,
        permission=Permission.ASK,
    ),
    Change(
        name="shortening",
        label=_("Return early"),
        side=Side.BORROWER,
        permission=Permission.ASK,
    ),
    Change(
        name="recall",
        label=_("Recall"),
        side=Side.OWNER,
        permission=Permission.DECIDE,
    ),
    Change(
        name="report_fault",
        label=_("Report a fault"),
        side=Side.BORROWER,
        permission=Permission.HAND_OVER,
        sources=(S.UNDERWAY,),
    ),
)

# What must be answered next, and by whom.
WAITS_FOR = {
    State.REQUESTED: Side.OWNER,
    State.COUNTERED: Side.BORROWER,
    State.FINISHED: Side.OWNER,
}


def allowed_pairs() -> set[tuple[str, str]]:
    """(from, to) pairs that some transition makes."""
    return {
        (source.value, transition.target.value)
        for transition in TRANSITIONS.values()
        for source in transition.sources
    }


def transitions_of(side: Side) -> list[Transition]:
    """The moves of a side, whatever the state; ``next_steps`` says which are possible now."""
    return [transition for transition in TRANSITIONS.values() if side in transition.sides]
