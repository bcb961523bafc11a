"""What people are told about their own offers."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.notices import Notice, notice
from resources.models import Offer


@notice
class OffersToConfirm(Notice):
    """Offers whose truth nobody has confirmed for a while."""

    code = "offers-to-confirm"
    label = _("Our offers wait to be confirmed")
    subject = _("Offers to confirm: %(number)s")
    body = _("Others see how old an offer is. One click says that they are still right.")

    @classmethod
    def url(cls, notification) -> str:
        return reverse("resources:offer-list", args=[notification.institution.slug])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        days = policy.current().offer.confirm_after_days
        before = notification.created_at - timedelta(days=days)
        own = Offer.objects.owned_by(notification.institution).published()
        return own.filter(confirmed_at__lt=before).exists()
