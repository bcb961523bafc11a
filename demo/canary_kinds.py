"""What a marked institution has of the kinds beside equipment: a lot, an asset, a person."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from demo.marks import mark
from medshare_portal.models import Code
from medshare_portal.roles import Role
from resources.enums import OfferStatus, ResourceStatus, Visibility
from resources.enums_medicine import EFFECTS, MovementSort
from resources.models import (
    AccessTerms,
    Category,
    CommittedShift,
    Credential,
    Indemnity,
    InformationAsset,
    MedicineLot,
    MedicineUse,
    Offer,
    OfferedInterval,
    PracticeBasis,
    Resource,
    SharedFile,
    StaffMember,
    StockMovement,
)
from resources.search import search_text_for

STOCK = 100
FAR = timedelta(days=400)


def plant_kinds(nest, other, now: datetime) -> None:
    """Of each kind that the city has categories of."""
    for kind, plant in (("medicine", _lot), ("information", _asset), ("staff", _person)):
        category = Category.objects.filter(kind=kind).order_by("pk").first()
        if category is not None:
            plant(nest, other, category, now)


def _resource(nest, category: Category, now: datetime) -> Resource:
    return nest.marked(
        Resource,
        institution=nest.institution,
        site=nest.site,
        kind=category.kind,
        category=category,
        code=f"{mark(nest.letter, Resource, 'code')}-{category.kind}",
        status=ResourceStatus.LISTED,
        visibility=Visibility.ALL,
        confirmed_at=now,
        public_id=f"CANARY-{nest.letter}-public-{category.kind}",
        search_text="",
    )


def _stored(nest, detail, **offer) -> Offer:
    """The resource with its detail and its published offer."""
    resource = detail.resource
    resource.search_text = search_text_for(resource, detail, resource.category)
    resource.save()
    detail.resource = resource
    detail.save()
    nest.of_kind[resource.kind] = resource
    now = resource.confirmed_at
    made = nest.marked(
        Offer,
        institution=nest.institution,
        resource=resource,
        status=OfferStatus.PUBLISHED,
        starts_on=(now - timedelta(days=30)).date(),
        visibility=Visibility.ALL,
        currency="CNY",
        confirmed_at=now,
        confirmed_by=nest.people[Role.COORDINATOR],
        published_at=now,
        **offer,
    )
    made.save()
    nest.offer_of_kind[resource.kind] = made
    return made


def _lot(nest, other, category: Category, now: datetime) -> None:
    lot = nest.marked(
        MedicineLot,
        resource=_resource(nest, category, now),
        dose_form="injection",
        unit="pen",
        pack="box",
        pack_size=5,
        gtin="",
        atc="",
        lot_no=f"CANARY-{nest.letter}-LOT",
        mfg_date=(now - FAR).date(),
        expiry_date=(now + timedelta(days=100)).date(),
        storage_class="room_10_30",
        control_class="none",
        recall_checked_at=now,
        transfer_basis="consortium_unified",
        unit_cost=120,
        transfer_price=120,
        currency="CNY",
    )
    _stored(nest, lot, quantity=STOCK)
    move(nest, lot, MovementSort.RECEIVE, STOCK, now)
    for consumer in (nest, other):
        MedicineUse.unscoped.create(
            institution=consumer.institution,
            item_key=lot.item_key,
            units_per_day=40,
            measured_until=now.date(),
            generic_name_en=lot.generic_name_en,
            generic_name_zh=lot.generic_name_zh,
            dose_form=lot.dose_form,
            strength=lot.strength,
            unit=lot.unit,
        )


def move(nest, lot, sort: str, packs: int, now: datetime, reference: str = "") -> None:
    """A line of the ledger; its reason is marked."""
    names = ("on_hand_change", "reserved_change", "in_transit_change")
    changes = {name: sign * packs for name, sign in zip(names, EFFECTS[sort], strict=True)}
    nest.marked(
        StockMovement, lot=lot, sort=sort, quantity=packs, at=now, reference=reference, **changes
    ).save()


def _asset(nest, other, category: Category, now: datetime) -> None:
    resource = _resource(nest, category, now)
    content = f"{mark(nest.letter, SharedFile, 'content')}\n".encode()
    info_type = Code.objects.filter(system__slug="info-type").order_by("pk").first()
    asset = nest.marked(
        InformationAsset,
        resource=resource,
        info_type=info_type,
        identifiability="impersonal",
        sensitivity="N",
        checked_as="impersonal",
        content_number=1,
        endpoint=f"https://canary.example/{mark(nest.letter, InformationAsset, 'endpoint')}",
    )
    _stored(nest, asset)
    steward = nest.people[Role.INFORMATION_STEWARD]
    stored = nest.marked(
        SharedFile,
        institution=nest.institution,
        resource=resource,
        number=1,
        content_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=steward,
        uploaded_at=now,
        file="",
    )
    name = f"{mark(nest.letter, SharedFile, 'file')}.txt"
    stored.file.save(name, ContentFile(content), save=True)
    nest.terms = nest.marked(
        AccessTerms,
        institution=nest.institution,
        resource=resource,
        number=1,
        purposes=["TREAT"],
        recipient_roles=["physician"],
        legal_bases=["none_needed"],
        max_days=30,
        max_looks=20,
        retention_days=60,
        onward_sharing="never",
        deidentification="as_it_is",
        made_by=steward,
        made_at=now,
    )
    nest.terms.save()


def _person(nest, other, category: Category, now: datetime) -> None:
    manager = nest.people[Role.STAFFING_MANAGER]
    person = nest.marked(
        StaffMember,
        resource=_resource(nest, category, now),
        email=f"CANARY-{nest.letter}-staffmember-email@medshare.example",
        title_level="junior",
        licence_kind="nurse",
        licence_digest=hashlib.sha256(nest.letter.encode()).hexdigest(),
        licence_valid_until=(now + FAR).date(),
        licence_source="register",
        licence_verified_on=now.date(),
    )
    offer = _stored(nest, person, expanded_until=now + timedelta(days=90))
    OfferedInterval.unscoped.create(
        offer=offer,
        resource=offer.resource,
        institution=nest.institution,
        starts_at=now - timedelta(days=30),
        ends_at=now + timedelta(days=90),
    )
    common = {"institution": nest.institution, "resource": offer.resource}
    lasting = {"valid_from": (now - FAR).date(), "valid_until": (now + FAR).date()}
    papers = {"source": "document", "verified_on": now.date(), "kind": "health_clearance"}
    nest.marked(Credential, **common, **papers).save()
    nest.marked(
        PracticeBasis, **common, **lasting, host=other.institution, basis="multi_site_filed"
    ).save()
    nest.marked(Indemnity, **common, **lasting, host=None).save()
    nest.marked(
        CommittedShift,
        **common,
        employer="home",
        starts_at=now + timedelta(days=50),
        ends_at=now + timedelta(days=50, hours=8),
        created_by=manager,
        created_at=now,
    ).save()
