"""Answers that nobody gave, nor the head of the institution: what has come up to the city."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from medshare_portal.db.among import Among
from scheduling.models import (
    CityInvitation,
    SharingRequest,
    SignOff,
    TimeChange,
    TransitionLog,
)
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
    """``talks``: the city takes part in its conversation; ``reminded``: lately, by the city."""

    key: LateKey
    request: SharingRequest
    talks: bool = False
    reminded: datetime | None = None

    @property
    def side(self) -> Side:
        return Side.OWNER if self.key.by == self.request.owner_id else Side.BORROWER

    @property
    def by(self):
        """Who must answer."""
        return self.request.owner if self.side == Side.OWNER else self.request.borrower

    @property
    def phone(self) -> str:
        """Of the sharing desk, else of the site that lends or is served."""
        of_owner = self.side == Side.OWNER
        site = self.request.resource.site if of_owner else self.request.delivery_site
        return self.by.contact_phone or (site.phone if site else "")

    @property
    def waiting(self):
        """The other side, which waits for it."""
        return self.request.borrower if self.side == Side.OWNER else self.request.owner


def late_keys() -> list[LateKey]:
    """All of it, the longest overdue first; three statements, however much there is."""
    requests, changes, consents = _late_rows()
    return sorted([*_requests(requests), *_extensions(changes), *_consents(consents)])


def late_number() -> int:
    """How many these are; one statement."""
    first, *others = (rows.order_by().values_list("pk") for rows in _late_rows())
    return first.union(*others, all=True).count()


def answers_of(keys: Iterable[LateKey], *, since: datetime) -> list[LateAnswer]:
    """With their requests and what the city did about them ``since``, in the same order; three
    statements."""
    keys = list(keys)
    rows = SharingRequest.objects.in_city_view().filter(pk__in={key.request for key in keys})
    requests = {row.pk: row for row in rows.select_related(*RELATED)}
    invited = CityInvitation.objects.for_city().filter(sharing_request__in=requests)
    talks = set(invited.values_list("sharing_request_id", flat=True))
    reminded = reminded_since(requests, since)
    return [
        LateAnswer(key, requests[key.request], key.request in talks, reminded.get(key.request))
        for key in keys
        if key.request in requests
    ]


def reminded_since(requests: Collection[int], since: datetime) -> dict[int, datetime]:
    """Request → when the city reminded of it last, since then."""
    steps = TransitionLog.objects.in_city_view().filter(
        sharing_request__in=list(requests), transition="city_reminds", at__gt=since
    )
    return dict(steps.order_by("at", "pk").values_list("sharing_request_id", "at"))


def _late_rows() -> tuple:
    """What is late: of requests, of extensions, of consents."""
    requests = SharingRequest.objects.in_city_view().filter(
        Among("state", State.OPEN),  # as the index of what is open has it
        state__in=(State.REQUESTED, State.FINISHED),
    )
    changes = TimeChange.objects.in_city_view().filter(
        kind=ChangeKind.EXTENSION,
        status=ChangeStatus.PENDING,
        sharing_request__state__in=RUNNING,
    )
    consents = SignOff.objects.in_city_view().filter(
        decision=SignOffDecision.WAITING, sharing_request__state__in=State.OPEN
    )
    late = {"escalation": Rung.CITY, "due_at__isnull": False}
    return requests.filter(**late), changes.filter(**late), consents.filter(**late)


def _requests(rows) -> Iterable[LateKey]:
    for due_at, pk, state, kind, owner in rows.values_list(
        "due_at", "pk", "state", "kind", "owner"
    ):
        what = Awaited.ANSWER if state == State.REQUESTED else Awaited.CHECK
        yield LateKey(due_at, pk, what, kind, owner)


def _extensions(rows) -> Iterable[LateKey]:
    for due_at, pk, kind, owner, _borrower in _of_requests(rows):
        yield LateKey(due_at, pk, Awaited.EXTENSION, kind, owner)


def _consents(rows) -> Iterable[LateKey]:
    for due_at, pk, kind, owner, borrower, side in _of_requests(rows, "side"):
        by = owner if side == Side.OWNER else borrower
        yield LateKey(due_at, pk, Awaited.CONSENT, kind, by)


def _of_requests(rows, *more: str):
    return rows.values_list(
        "due_at",
        "sharing_request",
        "sharing_request__kind",
        "sharing_request__owner",
        "sharing_request__borrower",
        *more,
    )
