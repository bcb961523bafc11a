"""Codes, categories, devices, offers and blocks."""

from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from medshare_portal.models import Code, CodeSystem, Institution, User
from resources.enums import OfferStatus, ResourceStatus, Visibility
from resources.models import (
    Accessory,
    BusyBlock,
    Category,
    Equipment,
    IdleWindow,
    Offer,
    OfferedInterval,
    Resource,
)

_numbers = count(1)


def code_system(slug: str = "nmpa-device-category") -> CodeSystem:
    system, _made = CodeSystem.objects.get_or_create(
        slug=slug, defaults={"url": f"urn:medshare:codesystem:{slug}", "name_en": slug}
    )
    return system


def code(value: str, *, system: str, display_en: str = "", display_zh: str = "") -> Code:
    made, _made = Code.objects.get_or_create(
        system=code_system(system),
        code=value,
        defaults={"display_en": display_en or value, "display_zh": display_zh},
    )
    return made


def nmpa_code(value: str = "08") -> Code:
    return code(value, system="nmpa-device-category")


def category(slug: str = "ventilator", *, parent: Category | None = None, **fields) -> Category:
    """A category of equipment; made once per slug."""
    values = {
        "name_en": slug.replace("-", " ").capitalize(),
        "name_zh": f"{slug}类",
        "parent": parent,
        "primary_code": nmpa_code(),
    }
    found = Category.objects.filter(kind=fields.get("kind", "equipment"), slug=slug).first()
    return found or Category.objects.create(**{"kind": "equipment", "slug": slug} | values | fields)


# Columns of Resource that ``equipment`` accepts; everything else goes to the detail row.
RESOURCE_FIELDS = {field.name for field in Resource._meta.concrete_fields}


def equipment(
    institution: Institution, *, accessories: dict[str, int] | None = None, **fields
) -> Resource:
    """A listed device that everybody sees and that may be lent; fields of either row."""
    number = next(_numbers)
    site = fields.pop("site", None) or institution.sites.order_by("-is_main", "pk").first()
    values = {
        "kind": "equipment",
        "category": fields.pop("category", None) or category(),
        "code": f"A-{number:05d}",
        "name_en": f"Ventilator {number}",
        "name_zh": f"呼吸机{number}",
        "status": ResourceStatus.LISTED,
        "visibility": Visibility.ALL,
        "confirmed_at": timezone.now(),
        "public_id": f"device{number:010d}",
    }
    own = {name: fields.pop(name) for name in list(fields) if name in RESOURCE_FIELDS}
    values |= own
    values.setdefault("search_text", f"{values['name_en']} {values['name_zh']}".lower())
    made = Resource.unscoped.create(institution=institution, site=site, **values)
    _detail(made, number, fields)
    for name, amount in (accessories or {}).items():
        Accessory.unscoped.create(resource=made, name_en=name, count=amount)
    return made


def _detail(resource: Resource, number: int, fields: dict) -> Equipment:
    values = {
        "model": "V-500",
        "manufacturer": "Example Medical",
        "serial_no": f"SN{number:07d}",
        "nmpa_category": nmpa_code(),
        "risk_class": "III",
        "registration_no": f"国械注准2023308{number:04d}",
        "loan": not (fields.get("fixed") or fields.get("licensed_large", "none") != "none"),
        "indemnity_ref": "Policy 1",
        "counter_reading": 100,
        "safety_test_result": "pass",
    }
    return Equipment.unscoped.create(resource=resource, **values | fields)


def offer(
    resource: Resource,
    *,
    now: datetime | None = None,
    intervals: list[tuple[datetime, datetime]] | None = None,
    windows: list[tuple[int, time, time]] | None = None,
    **fields,
) -> Offer:
    """A published offer of all hours from yesterday for 60 days, without buffers or notice.

    ``intervals`` replaces the offered time, ``windows`` the weekly pattern (weekday, from, until).
    """
    now = now or timezone.now()
    values = {
        "status": OfferStatus.PUBLISHED,
        "starts_on": (now - timedelta(days=1)).date(),
        "notice_hours": 0,
        "transport_minutes": 0,
        "cleaning_minutes": 0,
        "confirmed_at": now,
        "published_at": now,
        "expanded_until": now + timedelta(days=60),
    }
    made = Offer.unscoped.create(
        resource=resource, institution=resource.institution, **values | fields
    )
    for weekday, starts, ends in windows or [(day, time(0), time(0)) for day in range(7)]:
        IdleWindow.unscoped.create(offer=made, weekday=weekday, starts=starts, ends=ends)
    if intervals is None:
        intervals = [(now - timedelta(days=1), now + timedelta(days=60))]
    for starts_at, ends_at in intervals:
        interval(made, starts_at, ends_at)
    return made


def interval(offer: Offer, starts_at: datetime, ends_at: datetime) -> OfferedInterval:
    return OfferedInterval.unscoped.create(
        offer=offer,
        resource=offer.resource,
        institution=offer.institution,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def block(
    resource: Resource,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: User,
    reason: str = "own_use",
    **fields,
) -> BusyBlock:
    values = {"created_at": timezone.now(), "note": "", "source_uid": ""}
    return BusyBlock.unscoped.create(
        resource=resource,
        institution=resource.institution,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=by,
        **values | fields,
    )
