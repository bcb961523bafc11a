"""Information: assets with their content, their conditions and their offer."""

from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from medshare_portal.models import Institution
from resources.enums import ResourceStatus, Visibility
from resources.models import AccessTerms, InformationAsset, Offer, Resource, SharedFile
from tests.make.catalogue import RESOURCE_FIELDS, category, code
from tests.make.people import user

_numbers = count(1)
CONTENT = b"step,what\n1,triage\n2,ECG within ten minutes\n"


def asset(institution: Institution, **fields) -> Resource:
    """A listed protocol without data on persons, offered to all; fields of either row.

    ``content=None`` leaves the file out, ``terms=None`` the conditions and the offer.
    """
    number = next(_numbers)
    content, terms = fields.pop("content", CONTENT), fields.pop("terms", {})
    values = {
        "kind": "information",
        "category": fields.pop("category", None) or category("protocol", kind="information"),
        "code": f"I-{number:05d}",
        "name_en": f"Protocol {number}",
        "name_zh": f"诊疗规范{number}",
        "status": ResourceStatus.LISTED if terms is not None else ResourceStatus.DRAFT,
        "visibility": Visibility.ALL if terms is not None else Visibility.PRIVATE,
        "confirmed_at": timezone.now() if terms is not None else None,
        "public_id": f"information{number:010d}",
        "site": institution.sites.order_by("-is_main", "pk").first(),
    }
    values |= {name: fields.pop(name) for name in list(fields) if name in RESOURCE_FIELDS}
    values.setdefault("search_text", f"{values['name_en']} {values['name_zh']}".lower())
    made = Resource.unscoped.create(institution=institution, **values)
    own = {
        "info_type": code("guideline", system="info-type"),
        "summary": "What to do in the first hour",
        "custodian": "Chest pain centre",
        "identifiability": "impersonal",
        "field_names": "step\nwhat",
    }
    InformationAsset.unscoped.create(resource=made, **own | fields)
    if content is not None:
        shared_file(made, content=content)
    if terms is not None:
        access_terms(made, **terms)
        _offer(made)
    return made


def shared_file(resource: Resource, *, content: bytes = CONTENT, **fields) -> SharedFile:
    """The next version of the content, in force, called checked."""
    detail = resource.information
    detail.content_number += 1
    detail.checked_as = detail.identifiability
    detail.save()
    values = {
        "title": "First hour",
        "content_type": "text/csv",
        "size": len(content),
        "sha256": f"{detail.content_number:064d}",
        "uploaded_at": timezone.now(),
        "uploaded_by": fields.pop("by", None) or user(at=resource.institution),
    }
    return SharedFile.unscoped.create(
        institution=resource.institution,
        resource=resource,
        number=detail.content_number,
        file=ContentFile(content, name=f"{resource.pk}-{detail.content_number}.csv"),
        **values | fields,
    )


def access_terms(resource: Resource, **fields) -> AccessTerms:
    """The next version of the conditions: treatment, quality and research for a month."""
    values = {
        "purposes": ["TREAT", "HQUALIMP", "HRESCH"],
        "recipient_roles": ["physician"],
        "legal_bases": ["none_needed", "consent", "research"],
        "max_days": 30,
        "max_looks": 20,
        "retention_days": 60,
        "onward_sharing": "never",
        "deidentification": "as_it_is",
        "contract_needed": False,
        "agreement_en": "Use it for what you asked for.",
        "agreement_zh": "仅用于所申请的目的。",
        "made_at": timezone.now(),
        "made_by": fields.pop("by", None) or user(at=resource.institution),
    }
    return AccessTerms.unscoped.create(
        institution=resource.institution,
        resource=resource,
        number=resource.access_terms.count() + 1,
        **values | fields,
    )


def _offer(resource: Resource) -> Offer:
    now = timezone.now()
    return Offer.unscoped.create(
        resource=resource,
        institution=resource.institution,
        status="published",
        starts_on=now.date(),
        confirmed_at=now,
        published_at=now,
    )
