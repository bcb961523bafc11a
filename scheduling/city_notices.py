"""What the city's officials are told about requests that they approved."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import Notice, notice, queue
from scheduling.models import CityApproval, SharingRequest


@notice
class OwnerObjects(Notice):
    code = "crisis.objected"
    label = _("An owner objects to our approval in a crisis")
    subject = _("%(reference)s: %(owner)s objects to the city's approval")
    body = _("%(text)s")
    urgent = True


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
