"""Resources with their equipment rows and accessories."""

import random
from datetime import date, timedelta
from itertools import count

from demo.devices import BY_LETTERS, COMPETENCIES, KNOWN_DEVICES, TYPES, DeviceType
from demo.scenes import SCENE_CODES
from demo.texts import WARDS
from demo.world import Device, Place, World
from medshare_portal.validators import gs1_check_digit
from resources.enums import Condition, EquipmentStatus, LicensedLarge, ResourceStatus, TestResult
from resources.models import (
    Accessory,
    Category,
    Competency,
    Equipment,
    OperatorCompetency,
    Resource,
)
from resources.search import search_text_for

SET_NAME = {"en": "{name}, set of {units}", "zh": "{name}（{units}台一组）"}


def make_devices(world: World) -> None:
    categories = {
        category.slug: category
        for category in Category.objects.filter(kind="equipment").select_related("primary_code")
    }
    competencies = _make_competencies(world)
    numbers = count(1)
    for place, amount in zip(world.places, _amounts(world), strict=True):
        _make_of_place(world, place, amount, categories, numbers)
    Resource.unscoped.bulk_create([device.resource for device in world.devices], batch_size=500)
    mappings = _mappings()
    for number, device in enumerate(world.devices, start=1):
        device.detail = _detail(world, device, number, competencies, mappings)
        device.resource.search_text = search_text_for(
            device.resource, device.detail, device.resource.category
        )
    Equipment.unscoped.bulk_create([device.detail for device in world.devices], batch_size=500)
    resources = [device.resource for device in world.devices]
    Resource.unscoped.bulk_update(resources, ["search_text"], batch_size=500)
    _make_accessories(world)


def _amounts(world: World) -> list[int]:
    """The scale's resources shared out by the places' shares, exactly."""
    shares = [place.spec.share for place in world.places]
    total, done, amounts = sum(shares), 0, []
    for index in range(len(shares)):
        reached = world.scale.resources * sum(shares[: index + 1]) // total
        amounts.append(reached - done)
        done = reached
    return amounts


def _types_of(place: Place, amount: int, rng: random.Random) -> list[tuple[DeviceType, int]]:
    """(type, units) of each device; the known ones first."""
    known = [_parsed(word) for word in KNOWN_DEVICES.get(place.spec.slug, "").split()][:amount]
    weights = [entry.weight for entry in TYPES]
    drawn = rng.choices(TYPES, weights, k=amount - len(known))
    return known + [(entry, _units(entry, rng)) for entry in drawn]


def _parsed(word: str) -> tuple[DeviceType, int]:
    letters, _star, units = word.partition("*")
    return BY_LETTERS[letters], int(units or 1)


def _units(entry: DeviceType, rng: random.Random) -> int:
    return rng.choice((1, 6, 10, 20)) if entry.letters in {"IP", "SP", "M"} else 1


def _make_of_place(world: World, place: Place, amount: int, categories, numbers) -> None:
    per_type: dict[str, int] = {}
    for entry, units in _types_of(place, amount, world.rng):
        per_type[entry.letters] = per_type.get(entry.letters, 0) + 1
        code = f"{place.spec.letters}-{entry.letters}-{per_type[entry.letters]:02d}"
        resource = _resource(world, place, entry, units, code, categories[entry.category])
        resource.public_id = f"{next(numbers):06d}{world.rng.getrandbits(80):020x}"
        world.devices.append(Device(place, entry, resource, in_scene=code in SCENE_CODES))


def _resource(world, place, entry, units, code, category) -> Resource:
    rng = world.rng
    return Resource(
        institution=place.institution,
        site=place.sites[-1] if rng.random() < 0.25 else place.sites[0],
        kind="equipment",
        category=category,
        code=code,
        name_en=_name(category.name_en, units, "en"),
        name_zh=_name(category.name_zh, units, "zh"),
        room=rng.choice(WARDS),
        units=units,
        status=ResourceStatus.LISTED,
        condition=Condition.WORN if rng.random() < 0.1 else Condition.GOOD,
    )


def _name(name: str, units: int, language: str) -> str:
    return SET_NAME[language].format(name=name, units=units) if units > 1 else name


def _mappings() -> dict[tuple[int, str], object]:
    """(category, system) → code, for EMDN and DICOM."""
    categories = Category.objects.filter(kind="equipment").prefetch_related(
        "mappings__code__system"
    )
    return {
        (category.pk, mapping.code.system.slug): mapping.code
        for category in categories
        for mapping in category.mappings.all()
    }


def _detail(world: World, device: Device, number: int, competencies, mappings) -> Equipment:
    entry, rng, resource = device.type, world.rng, device.resource
    manufacturer, model = rng.choice(entry.models)
    gtin = f"0697{number:09d}"
    emdn = mappings.get((resource.category_id, "emdn"))
    return Equipment(
        resource=resource,
        manufacturer=manufacturer,
        model=model,
        serial_no=f"{entry.letters}{number:07d}",
        nmpa_category=resource.category.primary_code,
        risk_class=entry.risk,
        registration_no=_registration(resource, entry, number),
        registration_valid_until=_registered_until(world, entry, number, sound=device.in_scene),
        service_life_until=world.today + timedelta(days=400 + number * 53 % 2600),
        emdn=emdn.code if emdn else "",
        udi_di=gtin + gs1_check_digit(gtin),
        modality=mappings.get((resource.category_id, "dicom-modality")),
        required_competency=competencies.get(entry.competency),
        replacement_value=entry.value * resource.units,
        deposit=0,
        indemnity_ref=f"医疗设备责任险 {world.today.year}-{number:05d}",
        counter_reading=rng.randrange(200, 9000),
        max_daily_capacity=480 // entry.minutes if entry.minutes else None,
        avg_duration=entry.minutes,
        **_nature(entry, number),
        **_condition(world, entry, sound=device.in_scene),
    )


def _registration(resource: Resource, entry: DeviceType, number: int) -> str:
    if entry.risk == "I":
        return ""
    level = {"II": "2", "III": "3"}[entry.risk]
    return f"国械注准2022{level}{resource.category.primary_code.code}{number:04d}"


def _registered_until(world: World, entry: DeviceType, number: int, *, sound: bool) -> date | None:
    """Most registrations run for years, one in sixty ends in these weeks."""
    if entry.risk == "I":
        return None
    if number % 60 == 7 and not sound:
        return world.today + timedelta(days=number % 30)
    return world.today + timedelta(days=120 + number * 37 % 1500)


def _nature(entry: DeviceType, number: int) -> dict:
    licensed = "licensed" in entry.flags
    return {
        "licensed_large": LicensedLarge.CLASS_B if licensed else LicensedLarge.NONE,
        "licence_no": f"乙{33010000 + number}" if licensed else "",
        "radiation": "radiation" in entry.flags,
        "radiation_licence_no": f"浙环辐证[{number:05d}]" if "radiation" in entry.flags else "",
        "fixed": "fixed" in entry.flags,
        "on_site": "on_site" in entry.modes,
        "loan": "loan" in entry.modes,
        "service": "service" in entry.modes,
    }


def _condition(world: World, entry: DeviceType, *, sound: bool) -> dict:
    """Technical state and the dates that are due; most are far away, some near, a few past."""
    rng, today = world.rng, world.today
    kind = 0.5 if sound else rng.random()
    since = (
        rng.randrange(entry.pm - 9, entry.pm)
        if kind < 0.06
        else rng.randrange(0, entry.pm * 2 // 3)
    )
    since = entry.pm + rng.randrange(1, 20) if kind > 0.985 else since
    last_pm = today - timedelta(days=since)
    tested = today - timedelta(days=rng.randrange(10, 330))
    return {
        "pm_interval_days": entry.pm,
        "last_pm": last_pm,
        "next_pm_due": last_pm + timedelta(days=entry.pm),
        "last_calibration": tested,
        "calibration_due": tested + timedelta(days=400),
        "last_safety_test": tested,
        "safety_test_due": tested + timedelta(days=400),
        "safety_test_result": TestResult.PASS,
        "decontaminated_at": world.moment - timedelta(hours=rng.randrange(2, 200)),
        "decontamination_record": f"XD{today:%y%m}-{rng.randrange(1000, 9999)}",
        "status": EquipmentStatus.DOWN if 0.5 < kind < 0.52 else EquipmentStatus.OPERATIONAL,
    }


def _make_competencies(world: World) -> dict[str, Competency]:
    made = {
        code: Competency.objects.create(code=code, name_en=name_en, name_zh=name_zh)
        for code, (name_en, name_zh) in COMPETENCIES.items()
    }
    OperatorCompetency.unscoped.bulk_create(
        [
            OperatorCompetency(
                institution=place.institution,
                competency=competency,
                holders=world.rng.randrange(2, 30),
                valid_until=world.today + timedelta(days=world.rng.randrange(20, 700)),
                evidence=f"培训记录 {world.today.year}-{code}",
            )
            for place in world.places
            for code, competency in made.items()
            if world.rng.random() < 0.8
        ]
    )
    return made


def _make_accessories(world: World) -> None:
    for device in world.devices:
        device.accessories = [
            Accessory(resource=device.resource, name_en=name_en, name_zh=name_zh, count=number)
            for name_en, name_zh, number in device.type.accessories
        ]
    Accessory.unscoped.bulk_create(
        [accessory for device in world.devices for accessory in device.accessories], batch_size=500
    )
