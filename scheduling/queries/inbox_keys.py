"""What waits in an inbox as keys: all of it, in order, so that pages and numbers are true.

A key is a handful of columns; the rows themselves are read for one page (``inbox.tasks_of``).
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeVar

from django.db.models import BigIntegerField, Case, Q, When
from django.db.models.functions import Coalesce

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.roles import Permission, Rights
from scheduling.basket_states import BasketState, Together
from scheduling.models import SharingRequest
from scheduling.queries.task import ANSWER_COUNTER, ANSWER_EXTENSION, DECIDE, POST_CHECK
from scheduling.queries.waiting import able, conditions, extensions, over
from scheduling.states import Side, State

HERE = Bind("here", BigIntegerField())
STEP_OF_STATE = {
    State.REQUESTED.value: DECIDE,
    State.COUNTERED.value: ANSWER_COUNTER,
    State.FINISHED.value: POST_CHECK,
}
FACTS = ("kind", "priority", "owner_id", "borrower_id", "resource__category_id", "series_id")


class Key(NamedTuple):
    """One thing that waits: of which request, of which change of its times (None: of none)."""

    due_at: datetime
    pk: int
    change_pk: int | None
    step: str
    kind: str
    priority: str
    owner_id: int
    borrower_id: int
    category_id: int
    series_id: int | None

    @property
    def together(self) -> int | None:
        """The series of which this is an undecided date: such dates are answered as one."""
        return self.series_id if self.step == DECIDE else None

    def side(self, institution) -> Side:
        return Side.OWNER if self.owner_id == institution.pk else Side.BORROWER

    def other(self, institution) -> int:
        """The institution on the other side."""
        return self.borrower_id if self.owner_id == institution.pk else self.owner_id


def waiting_keys(institution, rights: Rights) -> list[Key]:
    """All that waits for somebody with these rights, least time left first.

    Two prepared statements; it grows with what waits here, not with what was ever asked.
    """
    held = able(rights)
    if not held:
        return []
    found = _requests(institution, held) + _extensions(institution, held)
    return sorted(found, key=lambda key: (key.due_at, key.pk, key.change_pk or 0))


Waiting = TypeVar("Waiting")  # a key, or a task


def bundled(found: Iterable[Waiting]) -> list[list[Waiting]]:
    """What is answered as one: the undecided dates of a series, where the first of them stands."""
    bundles: dict[tuple, list[Waiting]] = {}
    for number, one in enumerate(found):
        series = one.together
        bundles.setdefault((None, number) if series is None else (series, 0), []).append(one)
    return list(bundles.values())


def _requests(institution, held: Rights) -> list[Key]:
    rows = _asked(held).rows(here=institution.pk)
    return [Key(due, pk, None, STEP_OF_STATE[state], *facts) for due, pk, state, *facts in rows]


@cache
def _asked(held: Rights) -> Prepared:
    own = Coalesce("due_at", "actual_ends_at", "submitted_at", "created_at")
    # An answer after the end of an all-or-nothing basket comes to nothing.
    sooner = Q(basket__together=Together.ALL, basket__state=BasketState.OPEN)
    sooner &= Q(basket__deadline_at__lt=own)
    waits_until = Case(When(sooner, then="basket__deadline_at"), default=own)
    return Prepared(
        lambda: (
            SharingRequest.objects.concerning(HERE)
            .filter(conditions(HERE, held))
            .order_by()
            .values_list(waits_until, "pk", "state", *FACTS)
        )
    )


def _extensions(institution, held: Rights) -> list[Key]:
    if not over(Permission.DECIDE, held):
        return []
    rows = _longer(held).rows(here=institution.pk)
    return [Key(due, pk, change, ANSWER_EXTENSION, *facts) for due, pk, change, *facts in rows]


@cache
def _longer(held: Rights) -> Prepared:
    facts = [f"sharing_request__{name}" for name in FACTS]
    waits_until = Coalesce("due_at", "old_ends_at")
    return Prepared(
        lambda: (
            extensions(HERE, held)
            .order_by()
            .values_list(waits_until, "sharing_request_id", "pk", *facts)
        )
    )
