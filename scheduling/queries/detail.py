"""The whole story of one request."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduling.kinds import kinds
from scheduling.models import Handover, HandoverPhoto, SharingRequest, TimeChange, TransitionLog
from scheduling.queries.handover_facts import checklist, expected_accessories
from scheduling.queries.opened import income
from scheduling.states import Side, Stage, State
from scheduling.step_words import REASONS, STEPS

SPINE = (State.REQUESTED, State.APPROVED, State.UNDERWAY, State.FINISHED, State.CLOSED)


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """A line of the history."""

    at: datetime
    label: str
    who: str
    reason: str
    text: str
    old_times: tuple | None
    new_times: tuple | None


@dataclass(frozen=True, kw_only=True)
class HandoverStory:
    """A stage as it was recorded, with words instead of codes."""

    record: Handover
    label: str
    items: list[tuple[str, bool]]
    accessories: list[tuple[str, int, int]]  # name, counted, expected
    photos: list[HandoverPhoto]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault in use, as the borrower reported it."""

    at: datetime
    who: str
    text: str
    harm: bool
    stopped: bool


@dataclass(frozen=True, kw_only=True)
class Story:
    log: list[LogEntry]
    handovers: list[Handover]
    stages: list[HandoverStory]
    changes: list[TimeChange]
    steps: list[dict]
    cost: object
    faults: list[Fault]  # what the borrower reported in use, the latest first


def story(sharing_request: SharingRequest) -> Story:
    """Five queries; the request itself was fetched through a scope."""
    handovers = list(
        Handover.objects.of(sharing_request)
        .select_related("given_by", "received_by")
        .order_by("given_at", "pk")
    )
    log = list(
        TransitionLog.objects.of(sharing_request).select_related("by").order_by("-at", "-pk")
    )
    return Story(
        log=[_entry(row, sharing_request.kind) for row in log],
        handovers=handovers,
        stages=_stages(sharing_request, handovers),
        changes=list(
            TimeChange.objects.of(sharing_request)
            .select_related("asked_by", "decided_by")
            .order_by("-asked_at", "-pk")
        ),
        steps=progress(sharing_request),
        cost=income(sharing_request),
        faults=[_fault(row) for row in log if row.transition == "report_fault"],
    )


def _fault(row: TransitionLog) -> Fault:
    said = {name: bool(row.data.get(name)) for name in ("harm", "stopped")}
    return Fault(at=row.at, who=str(row.by or Side(row.side).label), text=row.text, **said)


def _entry(row: TransitionLog, kind: str) -> LogEntry:
    own = kinds[kind].logged
    label = own.get(row.transition) or STEPS.get(row.transition, row.transition)
    old, new = (row.old_starts_at, row.old_ends_at), (row.new_starts_at, row.new_ends_at)
    moved = all(old) and all(new) and old != new
    return LogEntry(
        at=row.at,
        label=label,
        who=str(row.by or Side(row.side).label),
        reason=REASONS.get(row.reason_code, ""),
        text=row.text,
        old_times=old if moved else None,
        new_times=new if moved else None,
    )


def _stages(sharing_request, handovers) -> list[HandoverStory]:
    photos = list(HandoverPhoto.objects.of(sharing_request).order_by("taken_at", "pk"))
    expected = expected_accessories(sharing_request) if handovers else []
    return [
        HandoverStory(
            record=row,
            label=Stage(row.stage).label,
            items=[
                (label, bool(row.checklist.get(code)))
                for code, label in checklist(sharing_request.kind, Stage(row.stage))
            ],
            accessories=[
                (item.name, int(row.accessories.get(str(item.pk), 0)), item.count)
                for item in expected
            ],
            photos=[photo for photo in photos if photo.handover_id == row.pk],
        )
        for row in handovers
    ]


def progress(sharing_request: SharingRequest) -> list[dict]:
    """The steps of the spine; a request that ended otherwise shows where it stopped."""
    state = sharing_request.state
    if state in SPINE:
        here = SPINE.index(state)
        marks = ["done"] * here + ["current"] + ["next"] * (len(SPINE) - here - 1)
        if state == State.CLOSED:
            marks[-1] = "done"
        return [_mark(sharing_request, step, mark) for step, mark in zip(SPINE, marks, strict=True)]
    decided = sharing_request.state in (State.CANCELLED, State.NO_SHOW)
    passed = [State.REQUESTED, *([State.APPROVED] if decided else [])]
    if state == State.COUNTERED:
        rest = [(State.COUNTERED, "current"), *((step, "next") for step in SPINE[1:])]
    else:
        rest = [(state, "current")]
    return [
        _mark(sharing_request, step, mark)
        for step, mark in [*((step, "done") for step in passed), *rest]
    ]


STEP_WORDS = {
    State.REQUESTED: pgettext_lazy("step", "Requested"),
    State.APPROVED: _("Approved"),
    State.UNDERWAY: _("Handed over"),
    State.FINISHED: _("Returned"),
    State.CLOSED: _("Checked, closed"),
}


def _mark(sharing_request, state: State, mark: str) -> dict:
    own = kinds[sharing_request.kind].progress.get(State(state).value)
    return {"label": own or STEP_WORDS.get(state) or State(state).label, "state": mark}
