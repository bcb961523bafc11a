"""The technical state of a device: works, with limits, out of order, in maintenance."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from resources.enums import EquipmentStatus
from resources.models import Equipment, Resource


class NoteMissing(Refusal):
    message = _("Say what is wrong or what is limited.")
    field = "note"
    status = 422


def set_state(*, resource: Resource, status: str, note: str, by, now: datetime) -> Equipment:
    """Set a device's technical state with a note; a working device needs none.

    Raises NoteMissing.
    """
    devices = Equipment.objects.owned_by(resource.institution).select_for_update(of=("self",))
    device = devices.get(pk=resource.pk)
    if status != EquipmentStatus.OPERATIONAL and not note.strip():
        raise NoteMissing
    before = [device.status, device.status_note]
    device.status, device.status_note = EquipmentStatus(status), note.strip()
    device.save(update_fields=["status", "status_note"])
    audit.record(
        chains=[resource.institution.slug],
        by=by,
        action="equipment.state_set",
        obj=resource,
        now=now,
        data={"status": [before[0], device.status.value], "note": [before[1], device.status_note]},
    )
    return device
