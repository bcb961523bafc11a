"""Notices of alerts: in the daily digest, unless somebody has chosen otherwise."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.memberships import membership_at
from medshare_portal.models import NotificationPreference
from medshare_portal.notices import Notice, notice
from medshare_portal.roles import Permission, permissions_of
from reports.models import Alert, AlertSort


class OfAlert(Notice):
    """Base: ``sort`` is what it warns of.  It leads to the list of alerts of the institution."""

    by_default = NotificationPreference.Channel.DIGEST
    sort: str

    @classmethod
    def url(cls, notification) -> str:
        return reverse("reports:alerts", args=[notification.institution.slug])

    @classmethod
    def still_relevant(cls, notification) -> bool:
        """It is not over, and its reader still has a say there."""
        place = notification.institution
        rights = permissions_of(membership_at(notification.user, place).roles)
        rows = Alert.objects.owned_by(place).filter(sort=cls.sort)
        return Permission.SET_LIMITS in rights and rows.exists()


@notice
class UtilisationLow(OfAlert):
    code, sort = "alert.utilisation", AlertSort.UTILISATION
    label = _("Alert: scheduled utilisation is low")
    subject = _("%(where)s: scheduled utilisation %(figure)s %% (limit: below %(limit)s %%)")
    body = _("So much of the time offered within the last 30 days was booked.")


@notice
class LoansOverdue(OfAlert):
    code, sort = "alert.overdue", AlertSort.OVERDUE
    label = _("Alert: loans are overdue")
    subject = _("%(where)s: overdue loans to others: %(figure)s (limit: %(limit)s or more)")
    body = _("They are in use past their agreed end.")


@notice
class LotsAtRisk(OfAlert):
    code, sort = "alert.lots", AlertSort.LOTS
    label = _("Alert: lots are at risk of expiry")
    subject = _("%(where)s: lots at risk of expiry: %(figure)s (limit: %(limit)s or more)")
    body = _("Of these something will be left when they expire within 90 days.")


NOTICES = {cls.sort: cls for cls in (UtilisationLow, LoansOverdue, LotsAtRisk)}
