"""What stands around every page of a signed-in person: head, side bar, the bars above and below."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BigIntegerField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from medshare_portal import crises
from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.db.replica import at_primary
from medshare_portal.furniture import FEW, MANY, Furniture, place
from medshare_portal.memberships import unread_by
from medshare_portal.navigation import counts_for, navigation, places_of_entries
from medshare_portal.relaxations import relaxations
from medshare_portal.roles import Permission
from medshare_portal.templatetags.ui import initials

SHORTCUTS = 4
UNREAD = Prepared(lambda: unread_by(Bind("user", BigIntegerField())).values_list("n"))


class House(NamedTuple):
    """An institution as the switcher shows it."""

    slug: str
    name: str


@dataclass(frozen=True)
class Menu:
    """What the side bar and the phone's bar show to all who hold the same roles at one place."""

    here: House | None
    houses: tuple[House, ...]
    city_member: bool
    permissions: frozenset[Permission]
    counted: tuple[str, ...]
    deputy_for: tuple[str, ...] = ()

    def context(self) -> dict:
        slug = self.here.slug if self.here else None
        nav = navigation(self.permissions, slug, self.counted)
        at_hand = [item for group in nav[:1] for item in group["items"] if item["at_hand"]]
        return {
            "here": self.here,
            "houses": self.houses,
            "city_member": self.city_member,
            "nav": nav,
            "shortcuts": at_hand[:SHORTCUTS],
            "deputy_for": str(_(", ")).join(self.deputy_for),
        }


@dataclass(frozen=True)
class Tools:
    """What the bar above shows to all with this theme at one place."""

    slug: str | None
    theme: str
    has_unread: bool

    def context(self) -> dict:
        places = ("csrf_token", "next_path", "user", "user_initials", "unread_count")
        return {
            "slug": self.slug,
            "theme": self.theme,
            "has_unread": self.has_unread,
        } | {name: place(name) for name in places}


@dataclass(frozen=True)
class Everybody:
    """The head is the same for all."""

    def context(self) -> dict:
        return {}


@dataclass(frozen=True)
class CrisisBar:
    """What everybody within the scope of a crisis reads above every page while it runs."""

    crisis: crises.RunningCrisis
    slug: str | None
    city_member: bool

    def context(self) -> dict:
        return {
            "crisis": self.crisis,
            "slug": self.slug,
            "city_member": self.city_member,
            "relaxed": [each.label for each in relaxations if each.code in self.crisis.relaxed],
        }


HEAD = Furniture("components/head.html", FEW)
SIDEBAR = Furniture("components/sidebar.html", MANY)
BOTTOM_BAR = Furniture("components/bottom_bar.html", MANY)
CRISIS_BAR = Furniture("components/crisis_bar.html", FEW)
TOPBAR = Furniture("components/topbar.html", MANY)


def head() -> SafeString:
    """Style sheets and scripts."""
    return HEAD.filled(Everybody(), {})


@at_primary
def menus(request) -> dict[str, SafeString]:
    """The side bar and the phone's bar, which show the same entries."""
    counts = counts_for(request)
    menu = _menu(request, tuple(name for name, count in counts.items() if count))
    places = places_of_entries(request, counts)
    return {
        "sidebar": SIDEBAR.filled(menu, places),
        "bottom_bar": BOTTOM_BAR.filled(menu, places),
    }


def _menu(request, counted: tuple[str, ...]) -> Menu:
    institutions = [member.institution for member in request.memberships]
    return Menu(
        here=_house(request.institution) if request.institution else None,
        houses=tuple(_house(institution) for institution in institutions if institution),
        city_member=None in institutions,
        permissions=request.permissions,
        counted=counted,
        deputy_for=_absent(request),
    )


def _absent(request) -> tuple[str, ...]:
    """For whom the reader stands in here."""
    here = request.membership if request.institution else None
    return tuple(absent.name for absent in here.stands_in) if here else ()


def _house(institution) -> House:
    return House(institution.slug, institution.name)


@at_primary
def topbar(request, csrf_token) -> SafeString:
    """Search, language, appearance, notifications and the reader's own menu."""
    name, number = str(request.user), unread(request.user)
    slug = request.institution.slug if request.institution else None
    places = {
        "csrf_token": csrf_token,
        "next_path": request.get_full_path(),
        "user": name,
        "user_initials": initials(name),
        "unread_count": number,
    }
    return TOPBAR.filled(Tools(slug, request.user.theme, number > 0), places)


@at_primary
def crisis_bar(request) -> SafeString:
    """That a crisis runs, to those whom it reaches; nothing at other times.  Costs no statement:
    the reader's own brought the token."""
    crisis = crises.of_token(request.user.crisis_token)
    here = request.institution
    places = [here] if here else [member.institution for member in request.memberships]
    if crisis is None or not any(place is None or crisis.touches(place) for place in places):
        return SafeString()
    city_member = here is None and None in places
    return CRISIS_BAR.filled(CrisisBar(crisis, here.slug if here else None, city_member), {})


@at_primary
def unread(user) -> int:
    """How many notifications wait for this person."""
    return sum(UNREAD.column(user=user.pk)) if user.unread is None else user.unread
