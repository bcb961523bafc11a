"""People with their papers and shifts."""

from datetime import date, datetime, timedelta
from itertools import count

from django.utils import timezone

from medshare_portal.models import Institution, User
from resources.enums import ResourceStatus, Visibility
from resources.kinds.staff.licence_numbers import digest, masked
from resources.models import (
    Category,
    CommittedShift,
    Competency,
    Credential,
    Indemnity,
    PracticeBasis,
    Resource,
    StaffMember,
)
from tests.make.catalogue import RESOURCE_FIELDS, code, offer

_numbers = count(1)
FAR = date(2040, 1, 1)


def profession(slug: str = "2221", name_en: str = "Nurse", name_zh: str = "护士") -> Category:
    found = Category.objects.filter(kind="staff", slug=slug).first()
    values = {"name_en": name_en, "name_zh": name_zh}
    return found or Category.objects.create(kind="staff", slug=slug, **values)


def specialty(value: str = "28", name_en: str = "Intensive care"):
    return code(value, system="cn-clinical-specialty", display_en=name_en, display_zh="重症医学科")


def person(institution: Institution, *, specialties=(), **fields) -> Resource:
    """A nurse whom everybody sees, with a verified licence and a health clearance."""
    number = next(_numbers)
    values = {
        "kind": "staff",
        "category": fields.pop("category", None) or profession(),
        "code": f"S-{number:05d}",
        "name_en": "Nurse",
        "name_zh": "护士",
        "status": ResourceStatus.LISTED,
        "visibility": Visibility.ALL,
        "confirmed_at": timezone.now(),
        "public_id": f"person{number:010d}",
    }
    values |= {name: fields.pop(name) for name in list(fields) if name in RESOURCE_FIELDS}
    values.setdefault("site", institution.sites.order_by("-is_main", "pk").first())
    made = Resource.unscoped.create(institution=institution, **values)
    licence = f"{number:012d}"
    detail = {
        "person_name": f"Secret Name {number}",
        "title_level": "junior",
        "licence_kind": "nurse",
        "licence_masked": masked(licence),
        "licence_digest": digest(licence),
        "licence_valid_until": FAR,
        "licence_source": "register",
        "licence_verified_by": "Personnel office",
        "licence_verified_on": date(2026, 1, 5),
    }
    member = StaffMember.unscoped.create(resource=made, **detail | fields)
    member.specialties.set(specialties)
    credential(made, kind="health_clearance")
    return made


def competency(slug: str = "crrt") -> Competency:
    made, _made = Competency.objects.get_or_create(code=slug, defaults={"name_en": slug.upper()})
    return made


def credential(person: Resource, *, kind: str = "competency", **fields) -> Credential:
    values = {
        "source": "document",
        "verified_by": "Personnel office",
        "verified_on": date(2026, 1, 5),
        "valid_until": FAR,
    }
    if kind == "competency":
        values["competency"] = fields.pop("competency", None) or competency()
    return Credential.unscoped.create(
        resource=person, institution=person.institution, kind=kind, **values | fields
    )


def basis(person: Resource, host: Institution, **fields) -> PracticeBasis:
    values = {
        "basis": "multi_site_filed",
        "evidence": "Filing 2026-17",
        "valid_from": date(2026, 1, 1),
        "valid_until": FAR,
    }
    return PracticeBasis.unscoped.create(
        resource=person, institution=person.institution, host=host, **values | fields
    )


def indemnity(person: Resource, host: Institution | None = None, **fields) -> Indemnity:
    values = {
        "insurer": "City Mutual",
        "reference": "P-1",
        "valid_from": date(2026, 1, 1),
        "valid_until": FAR,
    }
    return Indemnity.unscoped.create(
        resource=person, institution=person.institution, host=host, **values | fields
    )


def shift(
    person: Resource, starts_at: datetime, hours: float = 8, *, by: User, **fields
) -> CommittedShift:
    values = {"created_by": by, "created_at": timezone.now()}
    return CommittedShift.unscoped.create(
        resource=person,
        institution=person.institution,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        **values | fields,
    )


def compliant(home: Institution, host: Institution, **fields) -> Resource:
    """A nurse with every paper for a host, offered at all hours without notice."""
    made = person(home, specialties=[specialty()], **fields)
    basis(made, host)
    indemnity(made)
    offer(made)
    return made
