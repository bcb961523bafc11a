"""What the workflow writes into a device's own record."""

from datetime import datetime, timedelta

from resources.enums import Decontamination, EquipmentStatus
from resources.models import Equipment, Resource, UseLogEntry

REASON = "the device's record follows a handover that both sides signed"


def note_handover(
    *,
    resource: Resource,
    counter_reading: int | None,
    decontamination_record: str | None,
    returned: bool,
    sound: bool | None,
    now: datetime,
) -> None:
    """Counter and decontamination of a device that changed hands.

    A returned device needs cleaning unless the record says that it was cleaned.  ``sound`` False
    takes it out of order (§52); True, said by the owner's check, puts it back into service.
    """
    changes = {}
    if counter_reading is not None:
        changes["counter_reading"] = counter_reading
    if decontamination_record is not None:
        changes |= {
            "decontamination_state": Decontamination.CLEAN,
            "decontamination_record": decontamination_record,
            "decontaminated_at": now,
        }
    elif returned:
        changes["decontamination_state"] = Decontamination.NEEDED
    rows = Equipment.objects.everywhere(reason=REASON).filter(pk=resource.pk)
    if sound is False:
        changes["status"] = EquipmentStatus.DOWN
    elif sound:
        rows.filter(status=EquipmentStatus.DOWN).update(
            status=EquipmentStatus.OPERATIONAL, status_note=""
        )
    if changes:
        rows.update(**changes)


def record_shared_use(
    *,
    resource: Resource,
    user_institution,
    starts_at: datetime,
    ends_at: datetime,
    counter_start: int | None,
    counter_end: int | None,
    now: datetime,
) -> UseLogEntry:
    """The actual time of use (条例 §50), from the two handovers.

    A counter that fell between them (EQ-12, passed with a reason) measures nothing.
    """
    if None not in (counter_start, counter_end) and counter_end < counter_start:
        counter_start = counter_end = None
    return UseLogEntry.objects.create(
        resource=resource,
        institution=user_institution,
        use=UseLogEntry.Use.SHARED,
        starts_at=starts_at,
        ends_at=max(ends_at, starts_at + timedelta(seconds=1)),
        counter_start=counter_start,
        counter_end=counter_end,
        recorded_at=now,
    )
