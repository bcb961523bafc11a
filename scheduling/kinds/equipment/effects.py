"""What a handover does to the device's own record."""

from resources.actions import equipment_status, equipment_use
from resources.enums import EquipmentStatus
from scheduling.models import Handover
from scheduling.queries.at_risk import has_fault_elsewhere
from scheduling.states import Stage


def on_moved(*, sharing_request, stage: Stage, handover: Handover, by, now) -> None:
    """Counter and decontamination follow the record; closing writes the use log (条例 §50)."""
    if stage == Stage.POST_CHECK:
        _record_use(sharing_request, now)
    equipment_use.note_handover(
        resource=sharing_request.resource,
        counter_reading=handover.counter_reading,
        decontamination_record=handover.decontamination_record if handover.decontaminated else None,
        returned=stage == Stage.RETURN,
        sound=_sound(sharing_request, stage, handover),
        now=now,
    )


def on_fault(*, sharing_request, what: str, by, now) -> None:
    """Out of order at once (条例 §52); the owner's check puts it back into service.

    What the owner has said meanwhile (lost, retired, in maintenance) stays.
    """
    present = sharing_request.resource.equipment.status
    equipment_status.set_state(
        resource=sharing_request.resource,
        status=EquipmentStatus.DOWN if present in EquipmentStatus.USABLE else present,
        note=sharing_request.reference,  # what was said is for the two sides alone
        by=by,
        now=now,
    )


def _sound(sharing_request, stage: Stage, handover: Handover) -> bool | None:
    """What the record says about the device's fitness; a handover says nothing new.

    A check clears what its own use brought, not a fault that another use of the device reported.
    """
    if stage == Stage.HANDOVER:
        return None
    if handover.problem:
        return False
    if stage == Stage.POST_CHECK and not has_fault_elsewhere(sharing_request):
        return True
    return None


def _record_use(sharing_request, now) -> None:
    readings = dict(Handover.objects.of(sharing_request).values_list("stage", "counter_reading"))
    start, end = readings.get(Stage.HANDOVER.value), readings.get(Stage.RETURN.value)
    equipment_use.record_shared_use(
        resource=sharing_request.resource,
        user_institution=sharing_request.borrower,
        starts_at=sharing_request.actual_starts_at,
        ends_at=sharing_request.actual_ends_at,
        counter_start=start,
        counter_end=end,
        now=now,
    )
