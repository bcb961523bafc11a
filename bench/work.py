"""The measured pages: the portal's address, the floor's address, and the bar between them."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from bench.looks import LOOKS, make_looks
from bench.lots import make_lots
from medshare_portal.models import AuditChain, RoleGroup, User
from medshare_portal.notices import people_with
from medshare_portal.roles import Permission, Role
from resources.enums import OfferStatus
from resources.models import BusyBlock, OfferedInterval, Resource
from scheduling.models import SharingRequest, TransitionLog
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request
from scheduling.states import State

REASON = "bench"
HOUR = timedelta(hours=1)
WANTED = 40


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


def all_work(city: City) -> list[Work]:
    at = f"/at/{city.institution.slug}"
    wishes = free_wishes(city)
    first = wishes[0]
    today = city.now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    week, booked = _span(monday, 7), _booked_device(city, monday, 7)
    find = {
        "what": first.resource.category.name_en,
        "starts_at": typed(first.starts_at),
        "ends_at": typed(first.ends_at),
        "units": 1,
    }
    spans = urlencode(_span(first.starts_at, 1) | {"category": first.resource.category_id})
    day = today.date().isoformat()
    like = _like()
    log = TransitionLog.unscoped.filter(sharing_request=like).order_by("-pk").first()
    told = people_with(Permission.DECIDE, like.owner).values_list("pk", flat=True)
    rows = {"like": like.pk, "log": log.pk, "told": list(told)}
    rows["chain"] = [like.owner.slug, like.borrower.slug]
    copy = urlencode(week | rows, doseq=True)
    words = "q=ventilator"
    newest = make_looks(city.institution, city.now)
    deep = f"before={newest - LOOKS // 2}"
    make_lots(city.institution, city.now)
    days = [(today.date() + timedelta(days=n)).isoformat() for n in (0, 30, 60, 90, 180)]
    return [
        Work("catalogue list with filter", f"{at}/resources/?{words}", f"/list?{words}", 3),
        Work("free-for-dates search", f"{at}/find/?{urlencode(find)}", f"/find?{spans}", 3),
        Work(
            "week of one resource",
            f"{at}/calendar/?view=week&resource={booked}",
            f"/week?{urlencode(week | {'resource': booked})}",
            2,
        ),
        Work(
            "day over all resources",
            f"{at}/calendar/?scope=all&view=day&date={day}",
            f"/day?{urlencode(_span(today, 1))}",
            1,
        ),
        Work(
            "timeline over 50 devices",
            f"{at}/calendar/?scope=all&view=week&date={day}",
            f"/timeline?{urlencode(week)}",
            3,
        ),
        Work(
            "access log, deep page",
            f"{at}/information/log/?{deep}",
            f"/looks?institution={city.institution.pk}&{deep}",
            3,
        ),
        Work(
            "at-risk board, 50,000 lots",
            f"{at}/medicines/at-risk/",
            f"/at-risk?{urlencode({'institution': city.institution.pk, 'day': days}, doseq=True)}",
            3,
        ),
        Work(
            "request POST", f"{at}/resources/{{}}/request/", f"/post?{copy}", 3,
            [(wish.resource.pk, _fields(city, wish)) for wish in wishes], "POST",
        ),
    ]  # fmt: skip


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


def free_wishes(city: City) -> list[Wish]:
    """Hours that may be asked for without any objection, each of another device."""
    tomorrow = (city.now + 48 * HOUR).replace(minute=0, second=0, microsecond=0)
    visible = Resource.objects.visible_to(city.institution).exclude(institution=city.institution)
    visible = visible.select_related(
        "institution", "site", "category", "equipment__required_competency",
        "equipment__nmpa_category",
    )  # fmt: skip
    rows = visible.filter(units=1).order_by("pk")[:600]
    offered = OfferedInterval.objects.everywhere(reason=REASON).filter(
        resource__in=[row.pk for row in rows],
        offer__status=OfferStatus.PUBLISHED,
        offer__auto_approval="never",
        ends_at__gt=tomorrow + 3 * HOUR,
    )
    starts = {}
    for interval in offered.order_by("-starts_at"):
        starts[interval.resource_id] = max(interval.starts_at, tomorrow)
    wishes = [_wish(city, row, starts[row.pk]) for row in rows if row.pk in starts]
    contexts = contexts_of(wishes, now=city.now)
    pairs = zip(wishes, contexts, strict=True)
    return [wish for wish, context in pairs if not findings_for_request(context)][:WANTED]


def _wish(city, resource, starts_at) -> Wish:
    equipment = resource.equipment
    return Wish(
        resource=resource,
        borrower=city.institution,
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        mode="loan" if equipment.loan else "on_site",
    )


def _fields(city, wish) -> dict:
    return {
        "starts_at": typed(wish.starts_at),
        "ends_at": typed(wish.ends_at),
        "units": 1,
        "priority": "routine",
        "mode": wish.mode,
        "purpose": "Our own unit failed its test.",
        "delivery_site": city.institution.sites.filter(active=True).order_by("-is_main").first().pk,
        "transport": "borrower",
        "agreement_accepted": "on",
    }


def with_key(fields: dict, token: str) -> bytes:
    """A body that was never posted before: the same wish again would lead to the first one."""
    minutes, seconds = divmod(secrets.randbelow(3600), 60)
    ends_at = datetime.fromisoformat(fields["ends_at"]) - timedelta(
        minutes=minutes, seconds=seconds
    )
    own = {
        "csrfmiddlewaretoken": token,
        "idempotency_key": secrets.token_hex(16),
        "ends_at": ends_at.isoformat(),
    }
    return urlencode(fields | own).encode()


def typed(moment) -> str:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")
