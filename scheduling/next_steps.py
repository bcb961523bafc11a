"""What a side may do next with a request, and for what it may not do yet: why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.roles import Permission, roles_with
from scheduling.actions.handovers import STAGES, handover_opens_before
from scheduling.kinds import SignOffPart, WorkflowKind, kinds
from scheduling.states import ChangeStatus, Side, Stage, State, Suspension
from scheduling.workflow import CHANGES, Change, transitions_of

# Addresses that are not ``request-<transition>``.
PAGES = {
    "approve": "request-decide",
    "cancel_by_owner": "request-cancel",
    "hand_over": "handover",
    "return": "return",
    "close": "post-check",
    "extension": "request-extend",
    "shortening": "request-shorten",
    "report_fault": "request-fault",
}
OF_THE_INBOX = {"submit", "counter", "decline"}  # the decision page has them
ENDS_EARLIER = {"shortening", "recall"}
STAGE_OF = {"hand_over": Stage.HANDOVER, "return": Stage.RETURN}
MAIN = {"approve", "accept_counter", "hand_over", "return", "close", "receipt", "answer_extension"}
BY_ROLE = _("Only with the role: %(roles)s")
ON_HOLD = _("On hold: %(reason)s.")
WAITS = _("This waits for: %(who)s.")
WAITS_FOR_BASKET = _("Possible once everything in its all-or-nothing basket is approved.")
STAYS_WHOLE = _("Its all-or-nothing basket waits for answers: it can only be cancelled.")
NOT_NOW = _("Possible when it is: %(states)s")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A button.  With ``why`` it is grey and says so."""

    name: str
    label: Promise | str
    page: str
    why: Promise | str = ""

    @property
    def main(self) -> bool:
        return self.name in MAIN


def next_steps(
    sharing_request,
    *,
    side: Side,
    permissions,
    now: datetime,
    handovers=(),
    changes=(),
    not_back: bool = False,
    missing: Mapping[str, Sequence[SignOffPart]] | None = None,
) -> list[Step]:
    """Every step of this side, those that are possible first.  ``not_back``: another borrower
    still has the device; ``missing``: the consents that a step still waits for."""
    facts = _Facts(
        sharing_request, side, permissions, now, handovers, changes, not_back, missing or {}
    )
    kind = kinds[sharing_request.kind]
    steps = [
        _transition_step(transition, facts)
        for transition in transitions_of(side)
        if transition.name not in OF_THE_INBOX and kind.right_to(transition, side)
    ]
    steps += [
        _change_step(change, facts)
        for change in CHANGES
        if change.side == side and change.name in kind.changes
    ]
    if side == Side.OWNER and facts.extension:
        steps.append(_answer_step(facts))
    return sorted(steps, key=lambda step: (bool(step.why), not step.main))


@dataclass(frozen=True)
class _Facts:
    request: object
    side: Side
    permissions: object
    now: datetime
    handovers: object
    changes: object
    not_back: bool
    missing: Mapping[str, Sequence[SignOffPart]]

    @property
    def extension(self):
        return next((row for row in self.changes if row.status == ChangeStatus.PENDING), None)

    def given(self, stage: Stage):
        """The record of a stage that the other side has not signed for."""
        return next(
            (row for row in self.handovers if row.stage == stage and row.received_at is None), None
        )


def _transition_step(transition, facts) -> Step:
    kind = kinds[facts.request.kind]
    page = _page_of(transition.name, kind)
    label = kind.step_labels.get(transition.name) or (
        _("Decide") if transition.name == "approve" else transition.label
    )
    stage = STAGE_OF.get(transition.name) if transition.name not in kind.pages else None
    if stage and STAGES[stage][1] != facts.side:
        page, label = "receipt", _("Confirm receipt")
    why = (
        _state_says(transition.sources, facts)
        or _role_says(kind.right_to(transition, facts.side), facts)
        or _hold_says(transition, facts)
        or _consents_say(transition.name, facts)
        or _basket_says(transition, facts)
        or (_stage_says(stage, facts) if stage else "")
        or _clock_says(transition.name, facts)
    )
    return Step(name=transition.name, label=label, page=page, why=why)


def _page_of(name: str, kind: WorkflowKind) -> str:
    return kind.pages.get(name) or PAGES.get(name, f"request-{name.replace('_', '-')}")


def _hold_says(transition, facts):
    """A suspended request goes no step forward."""
    if not transition.forward or facts.request.suspended_at is None:
        return ""
    return ON_HOLD % {"reason": Suspension(facts.request.suspended_reason).label}


def _basket_says(transition, facts):
    """Nothing of an all-or-nothing basket leaves before all of it is approved."""
    held_back = facts.request.basket_id is not None and facts.request.basket.holds_back
    if transition.target != State.UNDERWAY or not held_back:
        return ""
    return WAITS_FOR_BASKET


def _consents_say(name: str, facts):
    """The page of a decision opens without them: it declines as well."""
    missing = facts.missing.get(name)
    if not missing or name == "approve":
        return ""
    return WAITS % {"who": str(_(", ")).join(str(part.label) for part in missing)}


def _state_says(sources, facts):
    if facts.request.state in sources:
        return ""
    return NOT_NOW % {"states": str(_(", ")).join(str(State(source).label) for source in sources)}


def _role_says(permission, facts):
    if permission in facts.permissions:
        return ""
    roles = str(_(", ")).join(
        str(role.label) for role in roles_with(permission, facts.request.kind)
    )
    return BY_ROLE % {"roles": roles}


def _stage_says(stage: Stage, facts):
    """The giving side records first, the other one signs."""
    gives = STAGES[stage][1] == facts.side
    given = facts.given(stage)
    if gives and given:
        return _("Recorded; the other side has to confirm receipt.")
    if not gives and not given:
        if stage == Stage.RETURN:
            return _("The other side has to give it back first.")
        return _("The other side has to hand it over first.")
    if stage == Stage.HANDOVER and facts.not_back:
        return _("The device is not back yet from the booking before.")
    early = facts.request.starts_at - facts.now
    if gives and stage == Stage.HANDOVER and early > handover_opens_before():
        hours = policy.current().request.handover_opens_hours
        return _("Possible from %(hours)s hours before the start.") % {"hours": hours}
    return ""


def _clock_says(name: str, facts):
    starts_at = facts.request.starts_at
    if name == "no_show" and starts_at is not None and starts_at > facts.now:
        return _("Possible after the start.")
    return ""


def _change_step(change: Change, facts) -> Step:
    why = _state_says(change.sources, facts) or _role_says(change.permission, facts)
    if not why and change.name == "extension" and facts.extension:
        why = _("An extension is already waiting for an answer.")
    if not why and change.name in ENDS_EARLIER:
        why = _earlier_says(facts.request, facts.now)
    kind = kinds[facts.request.kind]
    label = kind.step_labels.get(change.name, change.label)
    return Step(name=change.name, label=label, page=_page_of(change.name, kind), why=why)


def _earlier_says(request, now: datetime):
    if request.ends_at <= now:
        return _("The end has passed: it is due back now.")
    waits = request.basket_id is not None and request.basket.answers_until
    return STAYS_WHOLE if waits else ""


def _answer_step(facts) -> Step:
    return Step(
        name="answer_extension",
        label=_("Answer the extension"),
        page="request-extension",
        why=_role_says(Permission.DECIDE, facts),
    )
