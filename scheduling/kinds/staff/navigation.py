"""Need a shift, beside the search for devices; a person's own shifts."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.own_pages import OwnPage, pages
from medshare_portal.roles import Permission
from scheduling.kinds.staff.queries.person import is_lent

register(
    NavEntry(
        name="need-a-shift",
        label=_("Need a shift"),
        icon="staff",
        url_name="scheduling:staff-need",
        permission=Permission.VIEW,
        order=25,
        at_hand=False,
    )
)
pages.add(
    "my-shifts",
    OwnPage(
        name="my-shifts",
        label=_("My shifts"),
        icon="staff",
        url_name="my-shifts",
        concerns=is_lent,
    ),
)
