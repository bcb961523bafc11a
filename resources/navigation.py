"""The catalogue's entries in the side navigation: one per kind, and our offers."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission
from resources.kinds import kinds, load_kinds

load_kinds()  # this module may be read before the app itself is ready

for place, kind in enumerate(kinds):
    register(
        NavEntry(
            name=f"catalogue-{kind.code}",
            label=kind.label_plural,
            icon=kind.icon,
            url_name="resources:resource-list",
            permission=Permission.VIEW,
            group="share",
            order=60 + place,
            query=f"?kind={kind.code}",
        )
    )

register(
    NavEntry(
        name="offers",
        label=_("Our offers"),
        icon="offer",
        url_name="resources:offer-list",
        permission=Permission.PUBLISH_OFFER,
        group="share",
        order=55,
    )
)
