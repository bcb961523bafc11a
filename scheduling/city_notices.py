"""What the city's officials are told in a crisis: of emergencies that wait for them, and of an
owner's objection."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.crises import RunningCrisis
from medshare_portal.notices import Notice, keys_of_city_officials, notice, queue, queue_for
from scheduling.models import CityApproval, SharingRequest
from scheduling.states import State

REASON = "whether an emergency still waits when the notice is sent"


@notice
class OwnerObjects(Notice):
    code = "crisis.objected"
    label = _("An owner objects to our approval in a crisis")
    subject = _("%(reference)s: %(owner)s objects to the city's approval")
    body = _("%(text)s")
    urgent = True


@notice
class EmergencyForTheCity(Notice):
    code = "crisis.emergency"
    label = _("An owner has not answered an emergency that the city may approve")
    subject = _("%(reference)s: %(owner)s has not answered an emergency")
    body = _("%(borrower)s waits for %(resource)s. In this crisis the city may approve it.")
    urgent = True

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = SharingRequest.objects.everywhere(reason=REASON)
        return rows.filter(pk=notification.object_id, state=State.REQUESTED).exists()


def tell_of_emergency(request: SharingRequest, crisis: RunningCrisis, *, now: datetime) -> None:
    """To every official, once."""
    context = {
        "reference": request.reference,
        "url": reverse("city:crisis-request", args=[crisis.pk, request.pk]),
    }
    for name, thing in (
        ("owner", request.owner),
        ("borrower", request.borrower),
        ("resource", request.resource),
    ):
        context[f"{name}_en"] = thing.name_en or thing.name_zh
        context[f"{name}_zh"] = thing.name_zh or thing.name_en
    queue_for(
        EmergencyForTheCity,
        people=keys_of_city_officials(),
        institution=None,
        event_key=f"emergency:{crisis.pk}:{request.pk}",
        context=context,
        now=now,
        object_id=request.pk,
    )


def tell_of_objection(approval: CityApproval, request: SharingRequest, *, now: datetime) -> None:
    """To the official who approved."""
    owner = request.owner
    queue(
        OwnerObjects,
        users=[approval.by],
        institution=None,
        event_key=f"objection:{request.pk}",
        context={
            "reference": request.reference,
            "owner_en": owner.name_en or owner.name_zh,
            "owner_zh": owner.name_zh or owner.name_en,
            "text": approval.objection,
            "url": reverse("city:crisis", args=[approval.crisis_id]),
        },
        now=now,
        object_id=request.pk,
    )
