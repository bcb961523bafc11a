"""What a deputy finds waiting."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Absence
from medshare_portal.notices import Notice, notice

REASON = "a notice asks whether its absence still runs"


@notice
class WaitsAlready(Notice):
    code = "absence.waiting"
    label = _("What waits when I begin to stand in for somebody")
    subject = _("In the place of %(person)s: %(number)s waiting for an answer")
    body = _(
        "%(where)s: you stand in from now on. This waited before; of what comes later you are "
        "told one by one."
    )
    urgent = True

    @classmethod
    def url(cls, notification) -> str:
        return reverse("scheduling:inbox", args=[notification.institution.slug])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        rows = Absence.objects.everywhere(reason=REASON)
        return rows.filter(pk=notification.object_id, ends_at__gt=notification.created_at).exists()
