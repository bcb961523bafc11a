"""The whole story of one request."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from medshare_portal.models.crisis import crisis_reference
from medshare_portal.relaxations import words_of
from scheduling.kinds import kinds
from scheduling.models import Handover, HandoverPhoto, SharingRequest, TimeChange, TransitionLog
from scheduling.queries.conversation import Line, said_about
from scheduling.queries.handover_facts import checklist, expected_accessories
from scheduling.queries.opened import income
from scheduling.queries.sign_offs import part_label
from scheduling.states import Side, Stage, State
from scheduling.step_words import REASONS, STEPS, released_words

CONSENTS = {
    "sign_off_given": _("%(consent)s: given"),
    "sign_off_refused": _("%(consent)s: refused"),
}
AS_DEPUTY = _("%(who)s as deputy for %(absent)s")
# Steps by which a request is decided without a decision of somebody who has an account.
DECIDE_THEMSELVES = ("auto_approve", "break_glass", "sign_off_refused")
CRISIS, WITH_RULES = _("Crisis %(reference)s"), _("%(crisis)s: %(rules)s")
IN_SHORT = 160  # characters of a message in the history
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
    crisis: str = ""  # under which it was done, and what was relaxed for it


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
    decided: str  # who decided, or what did in place of a person
    cost: object
    faults: list[Fault]  # what the borrower reported in use, the latest first


def story(sharing_request: SharingRequest) -> Story:
    """Seven queries; the request itself was fetched through a scope."""
    handovers = list(
        Handover.objects.of(sharing_request)
        .select_related("given_by", "received_by")
        .order_by("given_at", "pk")
    )
    log = list(
        TransitionLog.objects.of(sharing_request).select_related("by").order_by("-at", "-pk")
    )
    entries = [_entry(row, sharing_request.kind) for row in log]
    entries += [_said(line) for line in said_about(sharing_request)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return Story(
        log=entries,
        handovers=handovers,
        stages=_stages(sharing_request, handovers),
        changes=list(
            TimeChange.objects.of(sharing_request)
            .select_related("asked_by", "decided_by")
            .order_by("-asked_at", "-pk")
        ),
        steps=progress(sharing_request),
        decided=_decided(sharing_request, log),
        cost=income(sharing_request),
        faults=[_fault(row) for row in log if row.transition == "report_fault"],
    )


def _decided(sharing_request: SharingRequest, log: list[TransitionLog]) -> str:
    """Who decided; where nobody with an account did, what stands for the decision."""
    if sharing_request.decided_by is not None:
        return str(sharing_request.decided_by)
    steps = [row for row in log if row.transition in DECIDE_THEMSELVES]
    return _label(steps[0], sharing_request.kind) if steps else ""


def _fault(row: TransitionLog) -> Fault:
    said = {name: bool(row.data.get(name)) for name in ("harm", "stopped")}
    return Fault(at=row.at, who=str(row.by or Side(row.side).label), text=row.text, **said)


def _entry(row: TransitionLog, kind: str) -> LogEntry:
    old, new = (row.old_starts_at, row.old_ends_at), (row.new_starts_at, row.new_ends_at)
    moved = all(old) and all(new) and old != new
    return LogEntry(
        at=row.at,
        label=_label(row, kind),
        who=_who(row, kind),
        reason=REASONS.get(row.reason_code, ""),
        text=row.text,
        old_times=old if moved else None,
        new_times=new if moved else None,
        crisis=_under(row),
    )


def _under(row: TransitionLog) -> str:
    """'Crisis CR-1: shorter notice'; empty for a step outside any crisis."""
    if "crisis" not in row.data:
        return ""
    words = str(CRISIS) % {"reference": crisis_reference(row.data["crisis"])}
    relaxed = words_of(row.data.get("relaxed", ()))
    return str(WITH_RULES) % {"crisis": words, "rules": relaxed} if relaxed else words


def _said(line: Line) -> LogEntry:
    return LogEntry(
        at=line.at,
        label="" if line.event else str(pgettext("history", "Message")),
        who=" · ".join(part for part in (line.who, line.place) if part),
        reason="",
        text=Truncator(line.text).chars(IN_SHORT),
        old_times=None,
        new_times=None,
    )


def _who(row: TransitionLog, kind: str) -> str:
    """Who made the step, and in whose place."""
    who = str(row.by or kinds[kind].sides.actor(row.side))
    absent = row.data.get("deputy_for")
    return str(AS_DEPUTY) % {"who": who, "absent": absent} if absent else who


def _label(row: TransitionLog, kind: str) -> str:
    """What happened; of a consent also which one."""
    if row.transition in CONSENTS:
        words = {"consent": part_label(kind, row.data.get("consent", ""))}
        return str(CONSENTS[row.transition]) % words
    return kinds[kind].logged.get(row.transition) or STEPS.get(row.transition, row.transition)


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
    if state == State.HELD:  # not asked for yet
        passed, rest = [], [(State.HELD, "current"), *((step, "next") for step in SPINE)]
    elif state == State.COUNTERED:
        rest = [(State.COUNTERED, "current"), *((step, "next") for step in SPINE[1:])]
    else:
        rest = [(state, "stopped")]
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
    if mark == "stopped" and (released := released_words(sharing_request)):
        return {"label": released, "state": mark}
    kind, code = kinds[sharing_request.kind], State(state).value
    own = kind.progress.get(code) or STEP_WORDS.get(state) or kind.state_labels.get(code)
    return {"label": own or State(state).label, "state": mark}
