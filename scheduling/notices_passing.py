"""A colleague is asked to take the step at the device."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import Notice, notice
from scheduling.models import SharingRequest
from scheduling.notices import context_of

REASON = "a notice asks whether its step is still due"


@notice
class PassedOn(Notice):
    code = "step-passed-on"
    label = _("A colleague passes a step at a device on to me")
    subject = _("%(reference)s: %(person)s asks you to take over at %(resource)s")
    body = _("%(resource)s, %(period)s. Lent by %(owner)s to %(borrower)s. The page has the step.")
    urgent = True

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = SharingRequest.objects.everywhere(reason=REASON)
        state = notification.context["at"]
        return rows.filter(pk=notification.object_id, state=state).exists()


def context_for(sharing_request, institution, *, page: str, by) -> dict:
    """``at``: the state that waits for the step; ``url`` leads to its page."""
    return context_of(sharing_request, "") | {
        "person": str(by),
        "at": str(sharing_request.state),
        "url": reverse(f"scheduling:{page}", args=[institution.slug, sharing_request.pk]),
    }
