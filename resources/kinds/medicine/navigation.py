"""The at-risk board in the side navigation."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission

register(
    NavEntry(
        name="medicine-at-risk",
        label=_("At risk of expiry"),
        icon="hourglass",
        url_name="resources:medicine-at-risk",
        permission=Permission.VIEW,
        group="share",
        order=62,
    )
)
