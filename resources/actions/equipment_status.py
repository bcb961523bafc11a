"""The technical state of a device: works, with limits, out of order, in maintenance."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from medshare_portal.registry import Registry
from resources.enums import EquipmentStatus
from resources.models import Equipment, Resource

# What upper apps do when a technical state was set: (resource, now, by).
followers: Registry[Callable] = Registry("follower of technical states")


class NoteMissing(Refusal):
    message = _("Say what is wrong or what is limited.")
    field = "note"
    status = 422


def set_state(*, resource: Resource, status: str, note: str, by, now: datetime) -> Equipment:
    """Set a device's technical state with a note; a working device needs none.

    The resource's row is locked first, as everywhere: it guards its detail row, and the audit
    chain comes last.  Raises NoteMissing.
    """
    Resource.objects.owned_by(resource.institution).select_for_update(of=("self",)).get(
        pk=resource.pk
    )
    devices = Equipment.objects.owned_by(resource.institution).select_for_update(of=("self",))
    device = devices.get(pk=resource.pk)
    if status != EquipmentStatus.OPERATIONAL and not note.strip():
        raise NoteMissing
    before = [device.status, device.status_note]
    device.status, device.status_note = EquipmentStatus(status), note.strip()
    device.save(update_fields=["status", "status_note"])
    for follow in followers:
        follow(resource=resource, now=now, by=by)
    audit.record(
        chains=[resource.institution.slug],
        by=by,
        action="equipment.state_set",
        obj=resource,
        now=now,
        data={"status": [before[0], device.status.value], "note": [before[1], device.status_note]},
    )
    return device
