"""Answers that nobody gave, nor the head of the institution: what has come up to the city."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from scheduling.models import SharingRequest, SignOff, TimeChange
from scheduling.states import ChangeKind, ChangeStatus, Rung, Side, SignOffDecision, State
from scheduling.workflow import RUNNING

RELATED = ("resource__category", "resource__site", "delivery_site", "owner", "borrower")


class Awaited(StrEnum):
    """What is not answered."""

    ANSWER = "answer"
    CHECK = "check"
    EXTENSION = "extension"
    CONSENT = "consent"


class LateKey(NamedTuple):
    """One late answer: since when, of which request, by which of its two institutions."""

    due_at: datetime
    request: int
    what: Awaited
    kind: str
    by: int


class LateAnswer(NamedTuple):
    key: LateKey
    request: SharingRequest

    @property
    def side(self) -> Side:
        return Side.OWNER if self.key.by == self.request.owner_id else Side.BORROWER

    @property
    def by(self):
        """Who must answer."""
        return self.request.owner if self.side == Side.OWNER else self.request.borrower

    @property
    def waiting(self):
        """The other side, which waits for it."""
        return self.request.borrower if self.side == Side.OWNER else self.request.owner


def late_keys() -> list[LateKey]:
    """All of it, the longest overdue first; three statements, however much there is."""
    return sorted([*_requests(), *_extensions(), *_consents()])


def answers_of(keys: Iterable[LateKey]) -> list[LateAnswer]:
    """With their requests, in the same order; one statement."""
    keys = list(keys)
    rows = SharingRequest.objects.in_city_view().filter(pk__in={key.request for key in keys})
    requests = {row.pk: row for row in rows.select_related(*RELATED)}
    return [LateAnswer(key, requests[key.request]) for key in keys if key.request in requests]


def _requests() -> Iterable[LateKey]:
    rows = SharingRequest.objects.in_city_view().filter(
        state__in=(State.REQUESTED, State.FINISHED), escalation=Rung.CITY, due_at__isnull=False
    )
    for due_at, pk, state, kind, owner in rows.values_list(
        "due_at", "pk", "state", "kind", "owner"
    ):
        what = Awaited.ANSWER if state == State.REQUESTED else Awaited.CHECK
        yield LateKey(due_at, pk, what, kind, owner)


def _extensions() -> Iterable[LateKey]:
    rows = TimeChange.objects.in_city_view().filter(
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        sharing_request__state__in=RUNNING,
    )
    for due_at, pk, kind, owner, _borrower in _late(rows):
        yield LateKey(due_at, pk, Awaited.EXTENSION, kind, owner)


def _consents() -> Iterable[LateKey]:
    rows = SignOff.objects.in_city_view().filter(
        decision=SignOffDecision.WAITING, sharing_request__state__in=State.OPEN
    )
    for due_at, pk, kind, owner, borrower, side in _late(rows, "side"):
        by = owner if side == Side.OWNER else borrower
        yield LateKey(due_at, pk, Awaited.CONSENT, kind, by)


def _late(rows, *more: str):
    late = rows.filter(escalation=Rung.CITY, due_at__isnull=False)
    return late.values_list(
        "due_at",
        "sharing_request",
        "sharing_request__kind",
        "sharing_request__owner",
        "sharing_request__borrower",
        *more,
    )
