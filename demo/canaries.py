"""Two institutions whose every text is recognisable, to find out what leaks where.

Each text holds ``CANARY-<letter>-<model>-<field>``: a page that shows one names the column it
came from.  A and B lend to each other; nobody else takes part.
"""

from base64 import b64decode
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction

from demo.canary_desk import plant_desk
from demo.canary_kind_requests import plant_kind_requests
from demo.canary_kinds import plant_kinds
from demo.canary_requests import plant_requests
from demo.canary_rounds import plant_rounds
from demo.canary_series import plant_series
from demo.canary_statements import plant_statements
from demo.canary_waits import plant_waits
from demo.marks import mark, marked
from medshare_portal.actions.roles import sync_roles
from medshare_portal.models import (
    Institution,
    RoleAssignment,
    RoleGroup,
    Site,
    User,
)
from medshare_portal.roles import Role
from medshare_portal.validators import uscc_check_character
from resources.enums import AttachmentPurpose, OfferStatus, ResourceStatus, Visibility
from resources.models import (
    Accessory,
    AccessTerms,
    Attachment,
    BusyBlock,
    Category,
    Competency,
    Equipment,
    IdleWindow,
    Offer,
    OfferedInterval,
    OfferException,
    OperatorCompetency,
    Resource,
    ResourceAudience,
)
from resources.search import search_text_for
from scheduling.models import SavedFilter

LETTERS = "AB"
ROLES = {
    "coordinator": Role.COORDINATOR,
    "approver": Role.APPROVER,
    "engineer": Role.BIOMEDICAL_ENGINEER,
    "viewer": Role.VIEWER,
    "pharmacist": Role.PHARMACIST,
    "steward": Role.INFORMATION_STEWARD,
    "staffing": Role.STAFFING_MANAGER,
}
# A grey square of 8 × 8 points.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAEElEQVR4nGNsYIAAJgaKGAAmCACQXTCl"
    "HgAAAABJRU5ErkJggg=="
)


class Nest:
    """What one marked institution owns."""

    def __init__(self, letter: str):
        self.letter = letter
        self.institution: Institution
        self.site: Site
        self.people: dict[str, User] = {}
        self.devices: list[Resource] = []
        self.offers: list[Offer] = []
        self.of_kind: dict[str, Resource] = {}  # of the kinds beside equipment
        self.offer_of_kind: dict[str, Offer] = {}
        self.terms: AccessTerms

    def marked(self, model, **fields):
        """An unsaved row: every text that is not given is a mark."""
        return marked(model, self.letter, **fields)


@transaction.atomic
def plant_canaries(*, now: datetime, password: str) -> list[Nest]:
    """Add both institutions with everything that they could have."""
    nests = [Nest(letter) for letter in LETTERS]
    for nest in nests:
        _institution(nest, now)
        _people(nest, password)
    sync_roles(today=now.date())
    for nest in nests:
        _roles(nest, now)
    sync_roles(today=now.date())
    for nest, other in zip(nests, reversed(nests), strict=True):
        _devices(nest, other, now)
        plant_kinds(nest, other, now)
        plant_desk(nest, now)
    for nest, other in zip(nests, reversed(nests), strict=True):
        plant_requests(nest, other, now)
        plant_kind_requests(nest, other, now)
        plant_series(nest, other, now)
        plant_statements(nest, other, now)
        plant_waits(nest, other, now)
        plant_rounds(nest, other, now)
    return nests


def _institution(nest: Nest, now: datetime) -> None:
    first = f"12330199{ord(nest.letter):09d}"
    nest.institution = nest.marked(
        Institution,
        slug=f"canary-{nest.letter.lower()}",
        uscc=first + uscc_check_character(first),
        practice_licence_no=f"CANARY-{nest.letter}-licence",
        licence_valid_to=(now + timedelta(days=900)).date(),
        institution_type="A100",
        hospital_level="32",
        beds=111,
        service_population=22_222,
        status=Institution.Status.ACTIVE,
    )
    nest.institution.save()
    nest.site = nest.marked(
        Site,
        institution=nest.institution,
        code=f"canary-{nest.letter.lower()}-site",
        state="ZJ",
        country="CN",
        postal_code="310000",
        url="https://canary.example/" + mark(nest.letter, Site, "url"),
        latitude=30.30,
        longitude=120.20,
        time_zone="Asia/Shanghai",
        gln="",
        is_main=True,
    )
    nest.site.save()


def _people(nest: Nest, password: str) -> None:
    for name, role in ROLES.items():
        username = f"{name}.{nest.institution.slug}"
        user = nest.marked(
            User,
            username=username,
            email=f"CANARY-{nest.letter}-user-email-{name}@medshare.example",
            full_name=f"{mark(nest.letter, User, 'full_name')}-{name}",
            language="en",
            password=make_password(password),
        )
        user.save()
        nest.people[role] = user


def _roles(nest: Nest, now: datetime) -> None:
    mine = RoleGroup.unscoped.filter(institution=nest.institution)
    groups = {group.role: group for group in mine}
    for role, user in nest.people.items():
        since = (now - timedelta(days=400)).date()
        RoleAssignment.objects.create(user=user, role_group=groups[role], valid_from=since)
    keeper = nest.people[Role.INFORMATION_STEWARD]
    kept = {"institution": nest.institution, "user": keeper, "created_at": now}
    nest.marked(SavedFilter, is_default=False, **kept).save()


def _devices(nest: Nest, other: Nest, now: datetime) -> None:
    """One that all may see, one for the other nest alone, one draft."""
    _device(nest, now, 1, ResourceStatus.LISTED, Visibility.ALL)
    _device(nest, now, 2, ResourceStatus.LISTED, Visibility.NAMED)
    _device(nest, now, 3, ResourceStatus.DRAFT, Visibility.PRIVATE)
    named = nest.devices[1]
    ResourceAudience.unscoped.create(resource=named, institution=other.institution)
    nest.offers[1].named_institutions.add(other.institution)
    competency = Competency.objects.order_by("pk").first()
    if competency:
        nest.marked(
            OperatorCompetency,
            institution=nest.institution,
            competency=competency,
            valid_until=(now + timedelta(days=99)).date(),
        ).save()


def _device(nest: Nest, now: datetime, number: int, status: str, visibility: str) -> None:
    category = Category.objects.get(kind="equipment", slug="ventilator")
    resource = nest.marked(
        Resource,
        institution=nest.institution,
        site=nest.site,
        kind="equipment",
        category=category,
        code=f"{mark(nest.letter, Resource, 'code')}-{number}",
        status=status,
        visibility=visibility,
        confirmed_at=now if status == ResourceStatus.LISTED else None,
        public_id=f"CANARY-{nest.letter}-public-{number}",
        search_text="",
    )
    detail = _detail(nest, resource, number, now)
    resource.search_text = search_text_for(resource, detail, category)
    resource.save()
    detail.save()
    nest.devices.append(resource)
    nest.marked(Accessory, resource=resource, count=2).save()
    _attachment(nest, resource, now)
    if status == ResourceStatus.LISTED:
        nest.offers.append(_offer(nest, resource, visibility, now))
    _block(nest, resource, now)


def _detail(nest: Nest, resource: Resource, number: int, now: datetime) -> Equipment:
    return nest.marked(
        Equipment,
        resource=resource,
        nmpa_category=resource.category.primary_code,
        risk_class="III",
        serial_no=f"{mark(nest.letter, Equipment, 'serial_no')}-{number}",
        emdn="Z",
        udi_di="",
        safety_test_result="pass",
        last_safety_test=(now - timedelta(days=90)).date(),
        safety_test_due=(now + timedelta(days=90)).date(),
        next_pm_due=(now + timedelta(days=90)).date(),
        counter_reading=111_111,
        replacement_value=222_222,
    )


def _attachment(nest: Nest, resource: Resource, now: datetime) -> None:
    attachment = nest.marked(
        Attachment,
        institution=nest.institution,
        resource=resource,
        purpose=AttachmentPurpose.PHOTO,
        content_type="image/png",
        size=len(PNG),
        sha256="0" * 64,
        uploaded_by=nest.people[Role.COORDINATOR],
        uploaded_at=now,
        file="",
    )
    name = f"{mark(nest.letter, Attachment, 'file')}-{resource.pk}.png"
    attachment.file.save(name, ContentFile(PNG), save=True)


def _offer(nest: Nest, resource: Resource, visibility: str, now: datetime) -> Offer:
    offer = nest.marked(
        Offer,
        institution=nest.institution,
        resource=resource,
        status=OfferStatus.PUBLISHED,
        starts_on=(now - timedelta(days=30)).date(),
        visibility=visibility,
        currency="CNY",
        confirmed_at=now,
        confirmed_by=nest.people[Role.COORDINATOR],
        published_at=now,
        expanded_until=now + timedelta(days=90),
    )
    offer.save()
    midnight = time(0)
    IdleWindow.unscoped.bulk_create(
        [IdleWindow(offer=offer, weekday=day, starts=midnight, ends=midnight) for day in range(7)]
    )
    OfferException.unscoped.create(offer=offer, day=(now + timedelta(days=89)).date())
    OfferedInterval.unscoped.create(
        offer=offer,
        resource=resource,
        institution=nest.institution,
        starts_at=now - timedelta(days=30),
        ends_at=now + timedelta(days=90),
    )
    return offer


def _block(nest: Nest, resource: Resource, now: datetime) -> None:
    nest.marked(
        BusyBlock,
        institution=nest.institution,
        resource=resource,
        reason="own_use",
        starts_at=now + timedelta(days=40),
        ends_at=now + timedelta(days=41),
        created_by=nest.people[Role.BIOMEDICAL_ENGINEER],
        created_at=now,
        source_uid=f"{mark(nest.letter, BusyBlock, 'source_uid')}-{resource.pk}",
    ).save()
