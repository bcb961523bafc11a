"""Where a scanned code leads: the step of a request that is due for somebody, or why none is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from medshare_portal.models import Institution
from medshare_portal.roles import permissions_of
from scheduling.kinds import kinds
from scheduling.models import Handover, SharingRequest
from scheduling.next_steps import Step, next_steps
from scheduling.queries.at_risk import whereabouts
from scheduling.queries.inbox import related
from scheduling.queries.sign_offs import consents_missing
from scheduling.states import State

ON_THE_WAY = (State.APPROVED, State.UNDERWAY, State.FINISHED)
MOST = 20  # bookings of one device that are looked at
# What is due in a state; of several bookings, what is out comes before what is still to go.
STEP_IN = {State.UNDERWAY: "return", State.FINISHED: "close", State.APPROVED: "hand_over"}


@dataclass(frozen=True, kw_only=True)
class Due:
    """One request as one institution sees it; ``step`` is its next one, grey with a reason.
    ``by_label``: the code on the device itself was scanned, not that of a note."""

    sharing_request: SharingRequest
    institution: Institution
    step: Step | None
    by_label: bool = False

    @property
    def possible(self) -> bool:
        return self.step is not None and not self.step.why

    @property
    def url(self) -> str:
        """The page of the step, or the request's where none is due."""
        page = self.step.page if self.possible else "request-detail"
        address = reverse(
            f"scheduling:{page}", args=[self.institution.slug, self.sharing_request.pk]
        )
        if not self.possible:
            return address
        return f"{address}?scanned={_mark(self.sharing_request) if self.by_label else NOTE}"


NOTE, LABEL = "note", "label"


def _mark(sharing_request: SharingRequest) -> str:
    """Says that the label of its device was scanned: nobody types it by hand."""
    return Signer(salt="label-scanned").signature(str(sharing_request.pk))


def what_was_scanned(mark: str, sharing_request: SharingRequest) -> str:
    """``LABEL``, ``NOTE``, or nothing, as the address of a step says."""
    if constant_time_compare(mark, _mark(sharing_request)):
        return LABEL
    return NOTE if mark == NOTE else ""


def due_of_resource(public_id: str, memberships: Iterable, *, now: datetime) -> list[Due]:
    """Of every booking of a resource that concerns one of these memberships, what is due."""
    found = []
    for membership in memberships:
        if membership.institution is None:
            continue
        concerning = SharingRequest.objects.concerning(membership.institution)
        rows = related(concerning.filter(resource__public_id=public_id, state__in=ON_THE_WAY))
        first = rows.order_by("starts_at", "pk")[:MOST]
        found += [replace(_due(row, membership, now), by_label=True) for row in first]
    order = list(STEP_IN)
    return sorted(found, key=lambda due: order.index(State(due.sharing_request.state)))


def due_of_request(pk: int, memberships: Iterable, *, now: datetime) -> list[Due]:
    """What is due of one request, per membership that it concerns; none: it is not for them."""
    found = []
    for membership in memberships:
        if membership.institution is None:
            continue
        rows = related(SharingRequest.objects.concerning(membership.institution).filter(pk=pk))
        found += [_due(row, membership, now) for row in rows.exclude(state=State.HELD)]
    return found


def _due(row: SharingRequest, membership, now: datetime) -> Due:
    """The next step by the same table as the buttons of the request's page."""
    wanted = STEP_IN.get(State(row.state), "")
    step = None
    if wanted in kinds[row.kind].by_code:
        steps = next_steps(
            row,
            side=row.side_of(membership.institution),
            permissions=permissions_of(membership.roles, row.kind),
            now=now,
            handovers=list(Handover.objects.of(row).order_by("given_at", "pk")),
            not_back=whereabouts([row], now=now).not_back(row),
            missing=consents_missing(row),
        )
        step = next((each for each in steps if each.name == wanted), None)
    return Due(sharing_request=row, institution=membership.institution, step=step)
