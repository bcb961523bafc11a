"""Need a shift: beside the search for devices."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission

register(
    NavEntry(
        name="need-a-shift",
        label=_("Need a shift"),
        icon="staff",
        url_name="scheduling:staff-need",
        permission=Permission.VIEW,
        order=25,
    )
)
