"""The workflow's entries of the side navigation."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission

register(
    NavEntry(
        name="find", label=_("Find and request"), icon="search", url_name="scheduling:find",
        permission=Permission.VIEW, order=20,
    )
)
register(
    NavEntry(
        name="calendar", label=_("Calendar"), icon="calendar", url_name="scheduling:calendar",
        permission=Permission.VIEW, order=30,
    )
)
