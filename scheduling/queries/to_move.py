"""What an institution can hand over, give back or sign for now: the buttons of its lists."""

from collections.abc import Iterable
from datetime import datetime

from scheduling.actions.handovers import STAGES, handover_opens_before
from scheduling.kinds import Claim, kinds
from scheduling.models import Handover, SharingRequest
from scheduling.queries.at_risk import Whereabouts
from scheduling.states import Stage, State

GIVES = {Stage.HANDOVER: "hand_over", Stage.RETURN: "return"}
SIGNS = "receipt"
STAGE_OF = {state: stage for stage, (state, _giver) in STAGES.items()}


def to_move(
    institution, rows: Iterable[SharingRequest], places: Whereabouts, *, now: datetime
) -> dict[int, str]:
    """Key → ``hand_over``, ``return`` or ``receipt``, where that is our next step and possible.
    ``places`` tells what is not back.  One query, none where nothing moves."""
    moving = [row for row in rows if _moves(row) and not places.not_back(row)]
    if not moving:
        return {}
    unsigned = set(
        Handover.objects.concerning(institution)
        .filter(sharing_request__in=[row.pk for row in moving], received_at__isnull=True)
        .values_list("sharing_request_id", "stage")
    )
    steps = {row.pk: _step(row, institution, unsigned, now) for row in moving}
    return {pk: step for pk, step in steps.items() if step}


def _moves(row) -> bool:
    """Booked or out, of a kind that is handed over on the workflow's own pages."""
    kind = kinds[row.kind]
    own = kind.pages.keys() & GIVES.values()
    return row.state in STAGE_OF and kind.claim is Claim.TIME and not own


def _step(row, institution, unsigned: set, now: datetime) -> str:
    """One side records, then the other signs for it."""
    stage = STAGE_OF[State(row.state)]
    gives = row.side_of(institution) == STAGES[stage][1]
    if (row.pk, stage.value) in unsigned:
        return "" if gives else SIGNS
    early = stage == Stage.HANDOVER and row.starts_at > now + handover_opens_before()
    return GIVES[stage] if gives and not early else ""
