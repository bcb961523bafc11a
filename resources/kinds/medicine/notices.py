"""What people are told about their lots."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices import Notice, notice


@notice
class LotRecalled(Notice):
    """A recall notice is about a lot of ours: it is stopped already."""

    code = "lot-recalled"
    label = _("A lot of ours is recalled")
    subject = _("Recall %(reference)s: %(name)s, lot %(lot)s")
    body = _("%(reason)s. The lot is held back and no longer offered. Keep it apart.")
    urgent = True

    @classmethod
    def url(cls, notification) -> str:
        places = [notification.institution.slug, notification.object_id]
        return reverse("resources:medicine-stock", args=places)
