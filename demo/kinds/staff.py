"""People of every institution: their accounts, papers, home shifts and offers of quiet shifts.

Drawn from a generator of its own, so that the rest of the city stays as it is.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from demo.kinds.staff_papers import make_papers
from demo.kinds.staff_rosters import make_offers, make_shifts
from demo.kinds.staff_stories import TURNS, make_stories
from demo.staff import APPROVED, LICENCE_ENDS, NURSE, PROFESSIONS, REGISTERS, Profession
from demo.texts import FAMILY, GIVEN
from demo.world import Place, World
from medshare_portal.models import Code, RoleAssignment, RoleGroup, User
from medshare_portal.roles import Role
from resources.enums import ResourceStatus, Visibility
from resources.enums_staff import CredentialSource, LicenceKind, TitleLevel
from resources.kinds.staff.badges import public_names
from resources.kinds.staff.licence_numbers import digest, masked
from resources.models import Category, Offer, Resource, StaffMember
from resources.search import search_text_for

AT_EACH = {"small": 9, "city": 20, "metro": 12}
MANAGERS, PERSONAL = "staffing", "nurse"  # accounts: the name before the dot
LICENCE_DIGITS = {LicenceKind.PHYSICIAN: 15, LicenceKind.NURSE: 12, LicenceKind.TECHNICIAN: 10}
BATCH = 1000


@dataclass(eq=False)
class Person:
    """Somebody who is lent; ``told`` people have no other faults than their story gives them."""

    place: Place
    profession: Profession
    resource: Resource
    specialties: list[Code]
    told: bool
    user: User | None = None
    detail: StaffMember | None = None
    offer: Offer | None = None
    pattern: str = "always"


def make_staff(world: World) -> None:
    """Needs institutions, people, competencies and code lists."""
    rng = random.Random(f"staff {world.scale.name} {world.scale.institutions}")
    _make_managers(world, rng)
    _approve_specialties(world)
    people = _make_people(world, rng)
    make_papers(world, people, rng)
    make_offers(world, people, rng)
    make_shifts(world, people, rng)
    if world.scale.with_live_scenes:
        make_stories(world, people)


def account(world: World, place: Place, name: str, rng: random.Random) -> User:
    """An account with the password of all."""
    family, given = rng.choice(FAMILY), rng.choice(GIVEN)
    return User(
        username=f"{name}.{place.spec.slug}",
        email=f"{name}.{place.spec.slug}@medshare.example",
        full_name=f"{family[1]}{given[1]} {given[0]} {family[0]}",
        phone=f"13{rng.randrange(10**8, 10**9)}",
        language="zh-hans" if place.speaks_chinese else "en",
        password=place.people[Role.COORDINATOR][0].password,
        date_joined=world.moment - timedelta(days=world.scale.days),
    )


def _make_managers(world: World, rng: random.Random) -> None:
    """``staffing.<institution>``"""
    groups = RoleGroup.unscoped.filter(role=Role.STAFFING_MANAGER).select_related("group")
    by_place = {group.institution_id: group for group in groups}
    since = world.today - timedelta(days=world.scale.days)
    for place in world.places:
        manager = account(world, place, MANAGERS, rng)
        manager.save()
        role_group = by_place[place.institution.pk]
        place.people[Role.STAFFING_MANAGER] = [manager]
        RoleAssignment.objects.create(user=manager, role_group=role_group, valid_from=since)
        role_group.group.user_set.add(manager)


def _approve_specialties(world: World) -> None:
    codes = {c.code: c for c in Code.objects.filter(system__slug="cn-clinical-specialty")}
    for place in world.places:
        wanted = APPROVED.get(place.spec.slug, ())
        place.institution.approved_specialties.set([codes[code] for code in wanted])


def _make_people(world: World, rng: random.Random) -> list[Person]:
    professions = {c.slug: c for c in Category.objects.filter(kind="staff")}
    specialties = {c.code: c for c in Code.objects.filter(system__slug="cn-clinical-specialty")}
    people = [
        _person(world, place, number, rng, professions, specialties)
        for place in world.places
        for number in range(AT_EACH[world.scale.name])
    ]
    Resource.unscoped.bulk_create([person.resource for person in people], batch_size=BATCH)
    _make_accounts(world, people, rng)
    for number, person in enumerate(people, start=1):
        person.detail = _detail(world, person, number, rng)
        person.resource.search_text = search_text_for(
            person.resource, person.detail, person.resource.category
        )
    StaffMember.unscoped.bulk_create([person.detail for person in people], batch_size=BATCH)
    resources = [person.resource for person in people]
    Resource.unscoped.bulk_update(resources, ["search_text"], batch_size=BATCH)
    _link_specialties(people)
    return people


def _person(world, place: Place, number: int, rng, professions, specialties) -> Person:
    """The first ones of the first institutions are nurses of intensive care with a story."""
    turn = world.places.index(place)
    told = turn < len(TURNS) and number < len(TURNS[turn])
    weights = [profession.weight for profession in PROFESSIONS]
    profession = NURSE if told else rng.choices(PROFESSIONS, weights)[0]
    chosen = sorted({rng.choice(profession.specialties)} if profession.specialties else ())
    codes = [specialties[code] for code in (["28"] if told else chosen)]
    category = professions[profession.slug]
    name_en, name_zh = public_names(category, codes)
    resource = Resource(
        institution=place.institution,
        site=place.sites[number % len(place.sites)],
        kind="staff",
        category=category,
        code=f"{place.spec.letters}-{number * 17 + 88:04d}",
        name_en=name_en,
        name_zh=name_zh,
        status=ResourceStatus.LISTED,
        visibility=Visibility.ALL,
        confirmed_at=world.moment - timedelta(days=rng.randrange(0, 6), minutes=rng.randrange(600)),
        public_id=f"st{turn:05d}{number:03d}{rng.getrandbits(40):010x}",
    )
    return Person(place, profession, resource, codes, told)


def _make_accounts(world: World, people: list[Person], rng: random.Random) -> None:
    """``nurse.<institution>``: the first person of each has an account, without any role."""
    for place in world.places:
        first = next(person for person in people if person.place is place)
        user = account(world, place, PERSONAL, rng)
        user.save()
        first.user = user


def _detail(world: World, person: Person, number: int, rng: random.Random) -> StaffMember:
    family, given = rng.choice(FAMILY), rng.choice(GIVEN)
    user = person.user
    name = user.full_name if user else f"{family[1]}{given[1]} {given[0]} {family[0]}"
    since = world.today.year - rng.randrange(2, 25)
    detail = StaffMember(
        resource=person.resource,
        person_name=name,
        user=user,
        email=user.email if user else f"person{number}@medshare.example",
        title_level=rng.choice(TitleLevel.values[:4]),
        practising_since=since,
        licence_kind=person.profession.licence,
        licence_category=person.profession.category,
    )
    if person.profession.licence != LicenceKind.NONE:
        _licence(world, person, detail, number, rng)
    return detail


def _licence(world: World, person: Person, detail: StaffMember, number: int, rng) -> None:
    digits = f"{number:0{LICENCE_DIGITS[person.profession.licence]}d}"
    left = 900 if person.told else days_left(LICENCE_ENDS, rng)
    until = world.today + timedelta(days=left)
    detail.licence_masked, detail.licence_digest = masked(digits), digest(digits)
    detail.licence_issuer = REGISTERS
    detail.licence_issued_on = until - timedelta(days=5 * 365 + 1)
    detail.licence_valid_until = until
    detail.licence_source = CredentialSource.REGISTER
    detail.licence_verified_by = REGISTERS
    detail.licence_verified_on = world.today - timedelta(days=rng.randrange(20, 90))


def days_left(shares, rng: random.Random) -> int:
    draw = rng.random()
    return rng.randrange(*next(days for share, days in shares if draw <= share))


def _link_specialties(people: list[Person]) -> None:
    through = StaffMember.specialties.through
    rows = [
        through(staffmember_id=person.resource.pk, code_id=code.pk)
        for person in people
        for code in person.specialties
    ]
    through.objects.bulk_create(rows, batch_size=BATCH)
