"""Entries of the reports app in the side navigation."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal import crises
from medshare_portal.navigation import NavEntry, register
from medshare_portal.roles import Permission
from reports.settlement.queries.waiting import disputes_with_city
from scheduling.queries.conversation import unread_conversations
from scheduling.queries.for_the_city import emergencies_for_city
from scheduling.queries.late_at_city import late_number

register(
    NavEntry(
        name="home",
        label=_("Home"),
        icon="home",
        url_name="reports:home",
        permission=Permission.VIEW,
        order=0,
    )
)


def _late(request) -> int:
    return late_number()


def _disputed_at_city(request) -> int:
    decides = Permission.DECIDE_DISPUTE in request.permissions
    return disputes_with_city().count() if decides else 0


def _unread(request) -> int:
    return unread_conversations(request.user)


register(
    NavEntry(
        name="late",
        label=_("Late answers"),
        icon="clock",
        url_name="city:late",
        permission=Permission.CITY_VIEW,
        order=5,
        count=_late,
    )
)
register(
    NavEntry(
        name="conversations",
        label=_("Conversations"),
        icon="message",
        url_name="city:conversations",
        permission=Permission.MEDIATE,
        order=10,
        count=_unread,
    )
)
register(
    NavEntry(
        name="statements",
        label=_("Statements"),
        icon="report",
        url_name="reports:statement-list",
        permission=Permission.READ_STATEMENTS,
        group="account",
        order=60,
    )
)
register(
    NavEntry(
        name="city-rounds",
        label=_("Matching"),
        icon="transfer",
        url_name="city:rounds",
        permission=Permission.RUN_MATCHING,
        order=45,
    )
)
register(
    NavEntry(
        name="scorecard",
        label=_("Our figures"),
        icon="report",
        url_name="reports:scorecard",
        permission=Permission.VIEW,
        group="account",
        order=50,
    )
)
register(
    NavEntry(
        name="city-figures",
        label=_("Figures"),
        icon="report",
        url_name="city:figures",
        permission=Permission.CITY_VIEW,
        order=2,
    )
)
register(
    NavEntry(
        name="city-demand",
        label=_("Unmet demand"),
        icon="search",
        url_name="city:demand",
        permission=Permission.CITY_VIEW,
        order=50,
    )
)
register(
    NavEntry(
        name="city-statements",
        label=_("Statements"),
        icon="report",
        url_name="city:statement-list",
        permission=Permission.CITY_VIEW,
        order=60,
        count=_disputed_at_city,
    )
)


def emergencies(request) -> int:
    """Those that the city may decide now; no statement outside a crisis."""
    crisis = crises.of_token(request.user.crisis_token)
    return len(emergencies_for_city(crisis, now=timezone.now()))


register(
    NavEntry(
        name="crises",
        label=_("Crisis mode"),
        icon="emergency",
        url_name="city:crises",
        permission=Permission.CITY_VIEW,
        order=10,
        count=emergencies,
    )
)
