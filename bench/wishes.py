"""What the measured forms ask for: free hours, the fields of the form, a key that is new."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from resources.enums import OfferStatus
from resources.models import OfferedInterval, Resource
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request

REASON = "bench"
HOUR = timedelta(hours=1)
WANTED = 40


def free_wishes(city) -> list[Wish]:
    """Hours that may be asked for without any objection, each of another device."""
    tomorrow = (city.now + 48 * HOUR).replace(minute=0, second=0, microsecond=0)
    visible = Resource.objects.visible_to(city.institution).exclude(institution=city.institution)
    visible = visible.select_related(
        "institution", "site", "category", "equipment__required_competency",
        "equipment__nmpa_category",
    )  # fmt: skip
    rows = visible.filter(kind="equipment", units=1).order_by("pk")[:600]
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


def fields_of(city, wish) -> dict:
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
