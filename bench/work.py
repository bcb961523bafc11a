"""The measured pages: the portal's address, the floor's address, and the bar between them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count
from django.utils import timezone

from bench.looks import LOOKS, make_looks
from bench.lots import make_lots
from bench.shifts import PROFESSION, SPECIALTY, make_shifts
from bench.wishes import fields_of, free_wishes, typed
from medshare_portal.models import AuditChain, RoleGroup, User
from medshare_portal.notices import people_with
from medshare_portal.roles import Permission, Role
from resources.models import BusyBlock, OfferedInterval, Resource
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import State

REASON = "bench"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Work:
    """One row of the table; ``forms`` are the bodies that the POST takes turns with."""

    name: str
    page: str
    floor: str
    bar: float
    forms: list = field(default_factory=list)
    method: str = "GET"


@dataclass
class City:
    """Whom we measure as, and what for."""

    user: User
    institution: object
    session: str
    now: datetime


def signed_in() -> City:
    """A coordinator of the demo city's first institution, with a session of their own."""
    role = RoleGroup.unscoped.filter(role=Role.COORDINATOR, institution__slug="renhe").get()
    user = User.objects.get(username="coordinator.renhe")
    auditor = RoleGroup.unscoped.get(role=Role.APPROVER, institution=role.institution)
    auditor.group.user_set.add(user)  # who reads the log as well
    now = timezone.now()
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["started"] = store["seen"] = now.timestamp()
    store.create()
    return City(user, role.institution, store.session_key, now)


def all_work(city: City, only: list[str] | None = None) -> list[Work]:
    """What is measured, or those pages that ``only`` names.

    What a page needs beside the demo city is made when that page is wanted: a million looks and
    fifty thousand lots are not there for the others.
    """
    parts = {name: part for part, names in PARTS.items() for name in names}
    wanted = [name for name in parts if not only or name in only]
    made = {part: part(city) for part in dict.fromkeys(parts[name] for name in wanted)}
    return [job for jobs in made.values() for job in jobs if job.name in wanted]


def of_requests(city: City) -> list[Work]:
    """Catalogue, search and the request: what somebody does who needs a device."""
    at, wishes = f"/at/{city.institution.slug}", free_wishes(city)
    first = wishes[0]
    find = {
        "what": first.resource.category.name_en,
        "starts_at": typed(first.starts_at),
        "ends_at": typed(first.ends_at),
        "units": 1,
    }
    spans = urlencode(_span(first.starts_at, 1) | {"category": first.resource.category_id})
    words = "q=ventilator"
    forms = [(wish.resource.pk, fields_of(city, wish)) for wish in wishes]
    post = (f"{at}/resources/{{}}/request/", f"/post?{_copied(city)}", 3)
    return [
        Work(LIST, f"{at}/resources/?{words}", f"/list?{words}", 3),
        Work(SEARCH, f"{at}/find/?{urlencode(find)}", f"/find?{spans}", 3),
        Work(POST, *post, forms, "POST"),
    ]


def of_calendar(city: City) -> list[Work]:
    """The same days of one device, of all, and of fifty."""
    today, week = _today(city), _span(_monday(city), 7)
    booked = _booked_device(city, _monday(city), 7)
    page, day = f"/at/{city.institution.slug}/calendar/", today.date().isoformat()
    floor = urlencode(week | {"resource": booked})
    one = f"{page}?view=week&resource={booked}"
    every = f"{page}?scope=all&date={day}&view="
    return [
        Work(WEEK, one, f"/week?{floor}", 2),
        Work(DAY, f"{every}day", f"/day?{urlencode(_span(today, 1))}", 1),
        Work(TIMELINE, f"{every}week", f"/timeline?{urlencode(week)}", 3),
    ]


def of_information(city: City) -> list[Work]:
    """The log of a million looks, half a million deep."""
    deep = f"before={make_looks(city.institution, city.now) - LOOKS // 2}"
    page = f"/at/{city.institution.slug}/information/log/?{deep}"
    return [Work(LOOK_LOG, page, f"/looks?institution={city.institution.pk}&{deep}", 3)]


def of_medicine(city: City) -> list[Work]:
    """The board over fifty thousand lots."""
    make_lots(city.institution, city.now)
    days = [(_today(city).date() + timedelta(days=n)).isoformat() for n in (0, 30, 60, 90, 180)]
    asked = urlencode({"institution": city.institution.pk, "day": days}, doseq=True)
    page = f"/at/{city.institution.slug}/medicines/at-risk/"
    return [Work(BOARD, page, f"/at-risk?{asked}", 3)]


def of_staff(city: City) -> list[Work]:
    """Who can cover tomorrow's night: five thousand people with half a million shifts."""
    make_shifts(city.institution, city.user, city.now)
    start = (_today(city) + timedelta(days=1)).replace(hour=12)  # 20:00 there
    asked = {
        "profession": PROFESSION,
        "specialty": SPECIALTY,
        "starts_at": typed(start),
        "ends_at": typed(start + 12 * HOUR),
        "break_minutes": 60,
        "site": city.institution.sites.get(is_main=True).pk,
    }
    floor = {
        "from": start.isoformat(),
        "until": (start + 12 * HOUR).isoformat(),
        "host": city.institution.pk,
        "monday": (start - timedelta(days=start.weekday(), hours=20)).isoformat(),
    }
    page = f"/at/{city.institution.slug}/staff/need/?{urlencode(asked)}"
    return [Work(PEOPLE, page, f"/people?{urlencode(floor)}", 3)]


def of_waiting(city: City) -> list[Work]:
    """What waits for somebody who asks and decides, and the two home pages."""
    RoleGroup.unscoped.get(role=Role.CITY_OFFICIAL).group.user_set.add(city.user)
    at, here = f"/at/{city.institution.slug}/", f"institution={city.institution.pk}"
    return [
        Work(INBOX, f"{at}inbox/", f"/inbox?{here}", 3),
        Work(HOME, at, f"/home?{here}", 3),
        Work(CITY_HOME, "/city/", "/city", 3),
    ]


def of_figures(city: City) -> list[Work]:
    """Figures of the last thirty days and of a year, the requests behind them, the register."""
    RoleGroup.unscoped.get(role=Role.CITY_OFFICIAL).group.user_set.add(city.user)
    most = _most_frequent_class()
    own, here = f"/at/{city.institution.slug}/figures/", f"?institution={city.institution.pk}"
    return [
        Work(OVERVIEW, "/city/figures/", "/figures", 3),
        Work(SCORECARD, own, f"/scorecard{here}", 3),
        Work(YEAR, "/city/figures/?period=365", "/figures?days=365", 3),
        Work(OWN_YEAR, f"{own}?period=365", f"/scorecard{here}&days=365", 3),
        Work(HEAT, f"/city/figures/equipment/?category={most}", f"/register?category={most}", 5),
        Work(OWN_USES, f"{own}requests/", f"/uses{here}", 5),
        Work(CITY_USES, "/city/figures/requests/", "/uses", 5),
    ]


LIST, SEARCH, POST = "catalogue list with filter", "free-for-dates search", "request POST"
WEEK, DAY = "week of one resource", "day over all resources"
TIMELINE = "timeline over 50 devices"
PEOPLE = "people for a shift, 500,000 shifts"
LOOK_LOG, BOARD = "access log, deep page", "at-risk board, 50,000 lots"
INBOX, HOME, CITY_HOME = "inbox", "home page of a hospital", "home page of the city"
OVERVIEW, SCORECARD = "city in figures", "scorecard of a hospital"
YEAR, OWN_YEAR = "city in figures, twelve months", "scorecard of a hospital, twelve months"
HEAT = "register of a class with its heat map"
OWN_USES, CITY_USES = "requests behind a hospital's figures", "requests behind the city's figures"
PARTS = {
    of_requests: (LIST, SEARCH, POST),
    of_calendar: (WEEK, DAY, TIMELINE),
    of_waiting: (INBOX, HOME, CITY_HOME),
    of_figures: (OVERVIEW, SCORECARD, YEAR, OWN_YEAR, HEAT, OWN_USES, CITY_USES),
    of_information: (LOOK_LOG,),
    of_medicine: (BOARD,),
    of_staff: (PEOPLE,),
}


def _most_frequent_class() -> str:
    rows = Resource.objects.everywhere(reason=REASON).filter(kind="equipment").order_by()
    counts = rows.values_list("category__slug").annotate(number=Count("pk"))
    return counts.order_by("-number", "category__slug")[0][0]


def _today(city: City) -> datetime:
    return city.now.replace(hour=0, minute=0, second=0, microsecond=0)


def _monday(city: City) -> datetime:
    return _today(city) - timedelta(days=_today(city).weekday())


def _copied(city: City) -> str:
    """The rows that the floor's POST stores again."""
    like = _like()
    log = TransitionLog.unscoped.filter(sharing_request=like).order_by("-pk").first()
    told = people_with(Permission.DECIDE, like.owner).values_list("pk", flat=True)
    rows = {"like": like.pk, "log": log.pk, "told": list(told)}
    rows["chain"] = [like.owner.slug, like.borrower.slug]
    return urlencode(_span(_monday(city), 7) | rows, doseq=True)


def _like() -> SharingRequest:
    """A request that is not decided yet, between two institutions with an audit trail."""
    chains = AuditChain.objects.values("name")
    rows = SharingRequest.unscoped.filter(state=State.REQUESTED)
    rows = rows.filter(owner__slug__in=chains, borrower__slug__in=chains)
    return rows.select_related("owner", "borrower").order_by("-pk").first()


def _span(first, days) -> dict:
    return {"from": first.isoformat(), "until": (first + timedelta(days=days)).isoformat()}


def _booked_device(city: City, first, days: int) -> int:
    """Of others' devices that are booked in these days, one with as much to show as most.

    The median of bookings, kept and offered times together: alike in a city and ten times it.
    """
    span = (first, first + timedelta(days=days))
    visible = Resource.objects.visible_to(city.institution).exclude(institution=city.institution)
    bookings = SharingRequest.objects.everywhere(reason=REASON).holding_capacity()
    blocks = BusyBlock.objects.everywhere(reason=REASON)
    offered = OfferedInterval.objects.everywhere(reason=REASON)
    times = [
        Counter(
            rows.overlapping(*span)
            .filter(resource__in=visible)
            .values_list("resource_id", flat=True)
        )
        for rows in (bookings, blocks, offered)
    ]
    shown = sorted((sum(found[pk] for found in times), pk) for pk in times[0])
    return shown[len(shown) // 2][1]
