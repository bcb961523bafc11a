"""Entries of the core in the side navigation."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission

register(
    NavEntry(
        name="audit",
        label=_("Audit log"),
        icon="audit",
        url_name="portal:audit",
        permission=Permission.READ_AUDIT,
        group="account",
        order=90,
    )
)

register(
    NavEntry(
        name="registry",
        label=_("Registry"),
        icon="building",
        url_name="admin:index",
        permission=Permission.ADMINISTER,
        group="account",
        order=95,
    )
)
