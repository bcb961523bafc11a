"""The workflow's entries of the side navigation."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission, rights_of
from scheduling.queries.asking_numbers import LINES, PLACES, numbers_of
from scheduling.queries.waiting import waiting_count

register(
    NavEntry(
        name="find",
        label=_("Find and request"),
        icon="search",
        url_name="scheduling:find",
        permission=Permission.VIEW,
        order=20,
    )
)


def _in_my_basket(request) -> int:
    return numbers_of(request).get(LINES, 0)


def _offered(request) -> int:
    return numbers_of(request).get(PLACES, 0)


register(
    NavEntry(
        name="baskets",
        label=_("Baskets"),
        icon="basket",
        url_name="scheduling:baskets",
        permission=Permission.VIEW,
        order=22,
        count=_in_my_basket,
        at_hand=False,
    )
)
register(
    NavEntry(
        name="needs",
        label=_("Needs and wait-list"),
        icon="clock",
        url_name="scheduling:needs",
        permission=Permission.VIEW,
        order=24,
        count=_offered,
        at_hand=False,
    )
)
register(
    NavEntry(
        name="proposals",
        label=_("Proposals"),
        icon="transfer",
        url_name="scheduling:proposals",
        permission=Permission.VIEW,
        order=25,
        at_hand=False,
    )
)
register(
    NavEntry(
        name="calendar",
        label=_("Calendar"),
        icon="calendar",
        url_name="scheduling:calendar",
        permission=Permission.VIEW,
        order=30,
    )
)


def _waiting(request) -> int:
    return waiting_count(request.institution, rights_of(request.roles))


register(
    NavEntry(
        name="inbox",
        label=_("Inbox"),
        icon="inbox",
        url_name="scheduling:inbox",
        permission=Permission.VIEW,
        order=10,
        count=_waiting,
    )
)
register(
    NavEntry(
        name="lending",
        label=_("We lend"),
        icon="arrow-out",
        url_name="scheduling:lending",
        permission=Permission.VIEW,
        order=40,
    )
)
register(
    NavEntry(
        name="borrowing",
        label=_("We borrow"),
        icon="arrow-in",
        url_name="scheduling:borrowing",
        permission=Permission.VIEW,
        order=41,
    )
)
register(
    NavEntry(
        name="passed-rules",
        label=_("Passed rules"),
        icon="warn",
        url_name="scheduling:passed-rules",
        permission=Permission.VIEW,
        group="account",
        order=84,
    )
)
register(
    NavEntry(
        name="access-log",
        label=_("Access log"),
        icon="information",
        url_name="scheduling:information-log",
        permission=Permission.READ_AUDIT,
        group="account",
        order=85,
    )
)
