"""Shared information at every institution: its stewards, assets, contents and conditions.

Drawn from a generator of its own, so that the rest of the city stays as it is.
"""

import hashlib
import random
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from demo.information import AGREEMENT, ASSETS, CONTENTS, RESULTS, SECRET, Asset
from demo.kinds.information_stories import make_requests
from demo.texts import FAMILY, GIVEN
from demo.world import Place, World
from medshare_portal.models import Code, RoleAssignment, RoleGroup, User
from medshare_portal.roles import Role
from resources.enums import OfferStatus, ResourceStatus, Visibility
from resources.models import (
    AccessTerms,
    Category,
    InformationAsset,
    Offer,
    Resource,
    SharedFile,
)
from resources.search import search_text_for

AT_EACH = {"small": 4, "city": 8, "metro": 10}
BATCH = 1000


def make_information(world: World) -> None:
    """Needs institutions, people and code lists."""
    rng = random.Random(f"information {world.scale.name} {world.scale.institutions}")
    stewards = _make_stewards(world, rng)
    assets = _make_assets(world, rng, stewards)
    if world.scale.with_live_scenes:
        make_requests(world, assets, stewards)


def _make_stewards(world: World, rng: random.Random) -> dict[str, User]:
    """``steward.<institution>``, with the password of the other accounts."""
    hashed = world.places[0].people[Role.COORDINATOR][0].password
    made = {place.spec.slug: _steward(world, place, rng, hashed) for place in world.places}
    User.objects.bulk_create(made.values())
    groups = RoleGroup.unscoped.filter(role=Role.INFORMATION_STEWARD).select_related("group")
    by_place = {group.institution_id: group for group in groups}
    since = world.today - timedelta(days=world.scale.days)
    for place in world.places:
        stewards = [made[place.spec.slug]]
        if place is world.places[0]:  # what is most sensitive is approved by two
            stewards.append(place.people[Role.APPROVER][0])
        for steward in stewards:
            role_group = by_place[place.institution.pk]
            place.people.setdefault(Role.INFORMATION_STEWARD, []).append(steward)
            RoleAssignment.objects.create(user=steward, role_group=role_group, valid_from=since)
            role_group.group.user_set.add(steward)
    return made


def _steward(world: World, place: Place, rng: random.Random, hashed: str) -> User:
    family, given = rng.choice(FAMILY), rng.choice(GIVEN)
    return User(
        username=f"steward.{place.spec.slug}",
        email=f"steward.{place.spec.slug}@medshare.example",
        full_name=f"{family[1]}{given[1]} {given[0]} {family[0]}",
        phone=f"13{rng.randrange(10**8, 10**9)}",
        language="zh-hans" if place.speaks_chinese else "en",
        password=hashed,
        date_joined=world.moment - timedelta(days=world.scale.days),
    )


def _make_assets(world: World, rng: random.Random, stewards) -> dict[str, list[Resource]]:
    """Resources with their detail, content, conditions and offer; by institution."""
    categories = {c.slug: c for c in Category.objects.filter(kind="information")}
    types = {c.code: c for c in Code.objects.filter(system__slug="info-type")}
    items = {c.code: c for c in Code.objects.filter(system__slug="recognised-item")}
    rows = []
    for place in world.places:
        first = world.places.index(place) % len(ASSETS)
        chosen = [ASSETS[(first + n) % len(ASSETS)] for n in range(AT_EACH[world.scale.name])]
        rows += [
            (place, asset, _resource(world, place, asset, number, rng, categories))
            for number, asset in enumerate(chosen, start=1)
        ]
    first, number = world.places[0], AT_EACH[world.scale.name] + 1
    rows.append((first, SECRET, _resource(world, first, SECRET, number, rng, categories)))
    Resource.unscoped.bulk_create([resource for *_rest, resource in rows], batch_size=BATCH)
    details = [_detail(world, asset, resource, rng, types, items) for _p, asset, resource in rows]
    InformationAsset.unscoped.bulk_create(details, batch_size=BATCH)
    by = [stewards[place.spec.slug] for place, *_rest in rows]
    _store_contents(world, rows, by)
    _publish(world, rows, by)
    found: dict[str, list[Resource]] = {}
    for place, _asset, resource in rows:
        found.setdefault(place.spec.slug, []).append(resource)
    return found


def _resource(world, place: Place, asset: Asset, number: int, rng, categories) -> Resource:
    return Resource(
        institution=place.institution,
        site=place.sites[0],
        kind="information",
        category=categories[asset.category],
        code=f"{place.spec.letters}-IN-{number:02d}",
        name_en=asset.name_en,
        name_zh=asset.name_zh,
        status=ResourceStatus.LISTED,
        visibility=Visibility.ALL,
        confirmed_at=world.moment - timedelta(days=rng.randrange(0, 6), minutes=rng.randrange(600)),
        public_id=f"in{world.places.index(place):05d}{number:03d}{rng.getrandbits(40):010x}",
    )


def _detail(world: World, asset: Asset, resource: Resource, rng, types, items) -> InformationAsset:
    detail = InformationAsset(
        resource=resource,
        info_type=types[asset.info_type],
        summary=asset.summary,
        custodian=asset.custodian,
        identifiability=asset.identifiability,
        sensitivity=asset.sensitivity,
        field_names="\n".join(asset.fields),
        endpoint=asset.endpoint,
        content_number=0 if asset.endpoint else 1,
        checked_as="" if asset.endpoint else asset.identifiability,
    )
    if asset.item:
        detail.recognised_item = items[asset.item]
        detail.performed_on = world.today - timedelta(days=rng.choice(RESULTS))
        detail.qc_passed = rng.random() < 0.9
        detail.qc_valid_to = world.today + timedelta(days=rng.randrange(-20, 300))
        detail.mark_scope = rng.choice(("city", "city", "province", "none"))
    resource.search_text = search_text_for(resource, detail, resource.category)
    return detail


def _store_contents(world: World, rows, by: list[User]) -> None:
    """One stored file per kind of content: a city has thousands of assets."""
    names = {}
    for kind, text in CONTENTS.items():
        name = f"information/demo/{kind}.csv"
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(text.encode("utf-8-sig")))
        names[kind] = name
    SharedFile.unscoped.bulk_create(
        [
            SharedFile(
                institution=place.institution,
                resource=resource,
                number=1,
                title=asset.name_zh,
                file=names[asset.content],
                content_type="text/csv",
                size=len(CONTENTS[asset.content].encode("utf-8-sig")),
                sha256=hashlib.sha256(CONTENTS[asset.content].encode("utf-8-sig")).hexdigest(),
                uploaded_by=steward,
                uploaded_at=world.moment - timedelta(days=40),
            )
            for (place, asset, resource), steward in zip(rows, by, strict=True)
            if not asset.endpoint
        ],
        batch_size=BATCH,
    )
    resources = [resource for *_rest, resource in rows]
    Resource.unscoped.bulk_update(resources, ["search_text"], batch_size=BATCH)


def _publish(world: World, rows, by: list[User]) -> None:
    since = world.moment - timedelta(days=40)
    AccessTerms.unscoped.bulk_create(
        [
            AccessTerms(
                institution=place.institution,
                resource=resource,
                number=1,
                made_by=steward,
                made_at=since,
                **asset.terms,
                **AGREEMENT,
            )
            for (place, asset, resource), steward in zip(rows, by, strict=True)
        ],
        batch_size=BATCH,
    )
    Offer.unscoped.bulk_create(
        [
            Offer(
                institution=place.institution,
                resource=resource,
                status=OfferStatus.PUBLISHED,
                starts_on=since.date(),
                confirmed_at=resource.confirmed_at,
                confirmed_by=steward,
                published_at=since,
                expanded_until=world.moment + timedelta(days=3650),
            )
            for (place, _asset, resource), steward in zip(rows, by, strict=True)
        ],
        batch_size=BATCH,
    )
