"""Institutions, sites and consortia."""

from datetime import date, timedelta

from demo.places import CITY, PlaceSpec, places, position
from demo.world import Place, World
from medshare_portal.models import Consortium, ConsortiumMembership, Institution, Site
from medshare_portal.validators import gs1_check_digit, uscc_check_character

CONSORTIA = (
    ("renhe-group", "Renhe Medical Group", "仁和医疗集团",
     ("renhe", "dongbei", "shigang", "meilin", "beihe", "nanshi")),
    ("women-and-children", "Women and Children Alliance", "妇幼健康联盟",
     ("parkside", "qingshan", "renhe")),
    ("emergency-and-lungs", "Emergency and Respiratory Network", "急救与呼吸专科联盟",
     ("xihu", "yulin", "dongbei", "renhe")),
)  # fmt: skip
FORMER_MEMBER = ("renhe-group", "jiangnan")
OTHERS_PER_CONSORTIUM = 9
# By the first digit of the level: smaller hospitals serve more people with a bed.
RESIDENTS_A_BED = {"3": 420, "2": 560, "1": 700}


def make_places(world: World) -> None:
    specs = places(world.scale.institutions, world.rng)
    institutions = [_institution(index, spec, world) for index, spec in enumerate(specs)]
    Institution.unscoped.bulk_create(institutions)
    since = world.moment - timedelta(days=world.scale.days)
    Institution.unscoped.update(created_at=since, updated_at=since)
    world.places = [
        Place(spec, institution, speaks_chinese=index % 4 != 1)
        for index, (spec, institution) in enumerate(zip(specs, institutions, strict=True))
    ]
    for index, place in enumerate(world.places):
        place.sites = _sites(index, place)
    Site.unscoped.bulk_create([site for place in world.places for site in place.sites])
    _make_consortia(world)


def _institution(index: int, spec: PlaceSpec, world: World) -> Institution:
    first = f"12330100{470_000_000 + index * 37:09d}"
    return Institution(
        slug=spec.slug,
        name_en=spec.name_en,
        name_zh=spec.name_zh,
        uscc=first + uscc_check_character(first),
        practice_licence_no=f"PDY{10_000_000 + index:08d}33010{index % 10}1A{index:04d}"[:22],
        licence_valid_to=date(world.today.year + 1 + index % 4, 12, 31),
        institution_type=spec.type,
        hospital_level=spec.level,
        district_en=spec.district[0],
        district_zh=spec.district[1],
        beds=spec.beds,
        service_population=spec.beds * RESIDENTS_A_BED.get(spec.level[0], 420),
        status=Institution.Status.ACTIVE,
        contact_phone=f"0571-88{index:02d} {spec.beds:04d}"[:40],
    )


def _sites(index: int, place: Place) -> list[Site]:
    spec = place.spec
    main = _site(index, place, "main", ("Main Campus", "本部"), spec.coordinates)
    main.is_main = True
    if not spec.second_site:
        return [main]
    second = position(spec.km_north + 1.9, spec.km_east + 2.6)
    return [main, _site(index, place, "second", spec.second_site, second)]


def _site(index: int, place: Place, code: str, name: tuple[str, str], coordinates) -> Site:
    gln = f"6901234{index:03d}{1 if code == 'main' else 2}0"
    return Site(
        institution=place.institution,
        code=code,
        name_en=f"{place.spec.name_en} {name[0]}",
        name_zh=f"{place.spec.name_zh}{name[1]}",
        address_line=f"{place.spec.name_zh[:2]}路{index * 18 + 8}号",
        district=place.spec.district[1],
        city=CITY,
        state="ZJ",
        postal_code=f"31{index % 10}0{index % 7}0",
        phone=place.institution.contact_phone,
        latitude=coordinates[0],
        longitude=coordinates[1],
        hours_of_operation="Mo-Su 00:00-24:00",
        gln=gln + gs1_check_digit(gln),
    )


def _make_consortia(world: World) -> None:
    since = world.today - timedelta(days=900)
    by_slug = {place.spec.slug: place for place in world.places}
    for slug, name_en, name_zh, members in CONSORTIA:
        made = Consortium.objects.create(slug=slug, name_en=name_en, name_zh=name_zh)
        _join(world, made, [by_slug[member] for member in members if member in by_slug], since)
    _end_a_membership(world, by_slug, since)
    others = world.places[len(world.places[:12]) :]
    for number, start in enumerate(range(0, len(others), OTHERS_PER_CONSORTIUM), start=1):
        made = Consortium.objects.create(
            slug=f"consortium-{number}",
            name_en=f"Medical Consortium {number}",
            name_zh=f"第{number}医联体",
        )
        _join(world, made, others[start : start + OTHERS_PER_CONSORTIUM], since)


def _join(world: World, consortium: Consortium, members: list[Place], since: date) -> None:
    world.consortia.append((consortium, members))
    ConsortiumMembership.objects.bulk_create(
        [
            ConsortiumMembership(
                consortium=consortium, institution=member.institution, valid_from=since
            )
            for member in members
        ]
    )


def _end_a_membership(world: World, by_slug: dict[str, Place], since: date) -> None:
    slug, member = FORMER_MEMBER
    ConsortiumMembership.objects.create(
        consortium=Consortium.objects.get(slug=slug),
        institution=by_slug[member].institution,
        valid_from=since,
        valid_until=world.today - timedelta(days=120),
    )
