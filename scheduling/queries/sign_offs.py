"""The consents beside the owner's decision: which are missing, and what a page shows of them."""

from django.utils.translation import gettext as _

from scheduling.kinds import SignOffPart, kinds
from scheduling.models import SharingRequest, SignOff
from scheduling.states import Side, SignOffDecision, State
from scheduling.workflow import TRANSITIONS


def missing_consents(sharing_request: SharingRequest, transition: str) -> list[SignOffPart]:
    """The consents that this step still waits for; no query where the kind asks for none."""
    wanted = [
        part
        for part in kinds[sharing_request.kind].sign_offs
        if part.before == transition and part.needed(sharing_request)
    ]
    if not wanted:
        return []
    given = SignOff.objects.of(sharing_request).filter(decision=SignOffDecision.GIVEN)
    codes = set(given.values_list("part", flat=True))
    return [part for part in wanted if part.code not in codes]


def consents_missing(sharing_request: SharingRequest) -> dict[str, list[SignOffPart]]:
    """Step → what it waits for, of the steps that this state allows."""
    waiting = {part.before for part in kinds[sharing_request.kind].sign_offs}
    return {
        name: missing_consents(sharing_request, name)
        for name in sorted(waiting)
        if sharing_request.state in TRANSITIONS[name].sources
    }


def part_label(kind: str, code: str) -> str:
    """'Consent of the person'."""
    labels = {part.code: part.label for part in kinds[kind].sign_offs}
    return str(labels.get(code, code))


def answer_words(sign_off: SignOff, sharing_request: SharingRequest) -> str:
    """'Given', 'Waiting for an answer'; a request that has ended waits for nothing."""
    waiting = sign_off.decision == SignOffDecision.WAITING
    if waiting and sharing_request.state not in State.OPEN:
        return _("Not answered")
    return str(SignOffDecision(sign_off.decision).label)


def signatures(sharing_request: SharingRequest, side: Side | str) -> list[dict]:
    """Each consent that was asked for: whose, given or waiting; ``ours`` while this side has to
    give it, to somebody with the ``permission``."""
    parts = {part.code: part for part in kinds[sharing_request.kind].sign_offs}
    open_yet = sharing_request.state in State.OPEN
    rows = SignOff.objects.of(sharing_request).order_by("pk")
    return [
        {
            "part": row.part,
            "label": parts[row.part].label,
            "permission": parts[row.part].permission,
            "given": row.decision == SignOffDecision.GIVEN,
            "name": row.signed_name,
            "at": row.decided_at,
            "waits": open_yet and row.decision == SignOffDecision.WAITING,
            "ours": open_yet and row.side == side and row.decision == SignOffDecision.WAITING,
            "words": answer_words(row, sharing_request),
        }
        for row in rows
        if row.part in parts
    ]
