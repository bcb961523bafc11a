"""Offers, their weekly windows, whom they address, and the offered time they amount to."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from demo.bulk import BulkTable
from demo.moments import DAY, HOUR, local_midnight, to_datetime, weekday
from demo.texts import CONDITIONS
from demo.world import Device, Place, World
from medshare_portal.roles import Role
from resources.enums import AutoApproval, OfferStatus, ResourceStatus, Visibility
from resources.models import (
    IdleWindow,
    Offer,
    OfferedInterval,
    OfferException,
    Resource,
    ResourceAudience,
)

# Weekly patterns: (weekday, first hour, last hour); 0–24 is the whole day, beyond 24 the next one.
PATTERNS = {
    "always": tuple((day, 0, 24) for day in range(7)),
    "off_peak": (*((day, 17, 31) for day in range(4)), (4, 17, 24), (5, 0, 24), (6, 0, 24)),
    "evenings": tuple((day, 16, 22) for day in range(5)),
    "working_hours": tuple((day, 8, 18) for day in range(5)),
    "weekends": ((5, 8, 20), (6, 8, 20)),
}
# Days of the past in which devices were offered; a very large city's would be millions of rows.
PAST_DAYS, PAST_DAYS_OF = 365, {"metro": 60}
UNLISTED = {0.95: ResourceStatus.PAUSED, 0.975: ResourceStatus.DRAFT}
# Which part of the offers was confirmed how many days ago: fresh, ageing, stale.
AGES = ((0.72, 0, 6), (0.86, 7, 13), (1.0, 20, 40))


def make_offers(world: World) -> None:
    """One published offer for nearly every device; scenes need theirs open at all hours."""
    for device in world.devices:
        _place_offer(world, device)
    offered = [device for device in world.devices if device.offer]
    Offer.unscoped.bulk_create([device.offer for device in offered], batch_size=500)
    _save_resources(world)
    _address(world, offered)
    save_windows(offered)
    closed = _make_exceptions(world, offered)
    save_intervals(world, offered, closed)


def _place_offer(world: World, device: Device) -> None:
    rng, resource = world.rng, device.resource
    draw = 0.0 if device.in_scene else rng.random()
    resource.status = next(
        (status for floor, status in sorted(UNLISTED.items(), reverse=True) if draw >= floor),
        ResourceStatus.LISTED,
    )
    if resource.status != ResourceStatus.LISTED:
        device.demand = 0.0 if resource.status == ResourceStatus.DRAFT else 0.3
        return
    device.demand = rng.choice((0.25, 0.6, 1.0, 1.0, 1.4, 1.8))
    device.pattern = _pattern(world, device)
    confirmed = world.moment - _age(world, device)
    device.offer = _offer(world, device, confirmed)
    resource.confirmed_at = confirmed
    resource.visibility = device.offer.visibility


def _pattern(world: World, device: Device) -> str:
    if device.in_scene:
        return "always"
    if "loan" in device.type.modes:
        return world.rng.choices(tuple(PATTERNS), (70, 14, 5, 3, 8))[0]
    return world.rng.choices(tuple(PATTERNS), (10, 25, 35, 20, 10))[0]


def _age(world: World, device: Device) -> timedelta:
    draw = world.rng.random() * (0.72 if device.in_scene else 1.0)
    _share, youngest, oldest = next(entry for entry in AGES if draw <= entry[0])
    return timedelta(days=world.rng.randint(youngest, oldest), minutes=world.rng.randrange(30, 900))


def _offer(world: World, device: Device, confirmed) -> Offer:
    rng, entry = world.rng, device.type
    moves = "loan" in entry.modes
    conditions = rng.choice(CONDITIONS)[device.place.speaks_chinese]
    visibility = _visibility(world, device)
    return Offer(
        institution=device.place.institution,
        resource=device.resource,
        status=OfferStatus.PUBLISHED,
        starts_on=world.today - timedelta(days=world.scale.days),
        notice_hours=rng.choice((0, 2, 4, 4, 8, 24)),
        max_loan_hours=rng.choice((168, 240, 336)) if moves else rng.choice((8, 12, 24)),
        setup_minutes=0 if moves else 15,
        transport_minutes=rng.choice((30, 45)) if moves else 0,
        cleaning_minutes=rng.choice((30, 60, 120)),
        recall_notice_hours=rng.choice((12, 24, 48)),
        visibility=visibility,
        auto_approval=_auto_approval(world, visibility, device),
        auto_approval_max_hours=rng.choice((24, 72)),
        fee_per_hour=entry.fee * device.resource.units,
        conditions=conditions,
        reserve_percent=25 if device.resource.units > 1 and not device.in_scene else 0,
        confirmed_at=confirmed,
        confirmed_by=device.place.person(Role.COORDINATOR, rng),
        published_at=world.moment - timedelta(days=world.scale.days - 1),
        expanded_until=expanded_until(world),
    )


def _visibility(world: World, device: Device) -> str:
    if device.in_scene:
        return Visibility.ALL
    kind = world.rng.choices(
        (Visibility.ALL, Visibility.CONSORTIUM, Visibility.NAMED), (80, 13, 7)
    )[0]
    member = any(device.place in members for _consortium, members in world.consortia)
    return Visibility.ALL if kind == Visibility.CONSORTIUM and not member else kind


def _auto_approval(world: World, visibility: str, device: Device) -> str:
    if device.in_scene or device.detail.licensed_large != "none":
        return AutoApproval.NEVER
    if visibility == Visibility.CONSORTIUM:
        return world.rng.choice((AutoApproval.NEVER, AutoApproval.CONSORTIUM))
    return world.rng.choices((AutoApproval.NEVER, AutoApproval.ANYONE), (85, 15))[0]


def _save_resources(world: World) -> None:
    Resource.unscoped.bulk_update(
        [device.resource for device in world.devices],
        ["status", "visibility", "confirmed_at"],
        batch_size=500,
    )
    Resource.unscoped.update(
        created_at=world.moment - timedelta(days=world.scale.days),
        updated_at=world.moment - timedelta(days=1),
    )


def _address(world: World, offered: list[Device]) -> None:
    """Consortia and named institutions of limited offers, and the readers they amount to."""
    consortia, named, audience = [], [], []
    for device in offered:
        if device.offer.visibility == Visibility.CONSORTIUM:
            mine = [entry for entry in world.consortia if device.place in entry[1]]
            consortia += [(device.offer, consortium) for consortium, _members in mine]
            device.readers = _others(device, [m for _consortium, members in mine for m in members])
        elif device.offer.visibility == Visibility.NAMED:
            device.readers = _others(device, world.rng.sample(world.places, 5))
            named += [(device.offer, place.institution) for place in device.readers]
        audience += [(device, place) for place in device.readers or ()]
    _through(Offer.consortia, consortia, "consortium")
    _through(Offer.named_institutions, named, "institution")
    ResourceAudience.unscoped.bulk_create(
        [ResourceAudience(resource=device.resource, institution=place.institution)
         for device, place in audience],
        batch_size=500,
    )  # fmt: skip


def _others(device: Device, places: list[Place]) -> list[Place]:
    return [place for place in dict.fromkeys(places) if place is not device.place]


def _through(relation, pairs: list[tuple], name: str) -> None:
    through = relation.through
    rows = [through(**{"offer_id": offer.pk, f"{name}_id": other.pk}) for offer, other in pairs]
    through.objects.bulk_create(rows, batch_size=500)


def save_windows(offered: list[Device]) -> None:
    table = BulkTable(IdleWindow, ("offer", "weekday", "starts", "ends"))
    table.write(
        (device.offer.pk, day, time(first).isoformat(), time(last % 24).isoformat())
        for device in offered
        for day, first, last in PATTERNS[device.pattern]
    )
    table.finish()


def _make_exceptions(world: World, offered: list[Device]) -> dict[int, set[date]]:
    """Some are closed for a day in the next weeks; returns the days per offer."""
    closed = {
        device.offer.pk: {world.today + timedelta(days=world.rng.randrange(4, 40))}
        for device in offered
        if not device.in_scene and world.rng.random() < 0.06
    }
    OfferException.unscoped.bulk_create(
        [OfferException(offer_id=offer, day=day) for offer, days in closed.items() for day in days],
        batch_size=500,
    )
    return closed


def save_intervals(world: World, offered: list[Device], closed: dict[int, set[date]]) -> None:
    table = BulkTable(OfferedInterval, ("offer", "resource", "institution", "starts_at", "ends_at"))
    first = local_midnight(world.now) - _past_days(world) * DAY
    last = _last_midnight(world)
    table.write(
        (
            device.offer.pk,
            device.resource.pk,
            device.place.institution.pk,
            to_datetime(a),
            to_datetime(min(b, last + DAY)),
        )
        for device in offered
        for a, b in intervals_of(device.pattern, closed.get(device.offer.pk, ()), first, last)
    )
    table.finish()


def _past_days(world: World) -> int:
    return min(PAST_DAYS_OF.get(world.scale.name, PAST_DAYS), world.scale.days)


def _keys(device: Device) -> tuple[int, int, int]:
    return device.offer.pk, device.resource.pk, device.place.institution.pk


def _last_midnight(world: World) -> int:
    return local_midnight(world.now) + world.scale.horizon_days * DAY


def expanded_until(world: World) -> datetime:
    """The end of the last day whose times are written, as ``offered_time.write`` leaves it."""
    return to_datetime(_last_midnight(world) + DAY)


def intervals_of(pattern: str, closed, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Merged times of a pattern that begin on the local days from ``first`` to ``last``
    (midnights, both days included).  ``resources.intervals.expand`` without clock changes."""
    holes = sorted(local_midnight_of(day) for day in closed)
    begin = end = None
    for a, b in _pieces(pattern, holes, first, last):
        if end == a:
            end = b
            continue
        if begin is not None:
            yield begin, end
        begin, end = a, b
    if begin is not None:
        yield begin, end


def local_midnight_of(day: date) -> int:
    return (day - date(2020, 1, 1)).days * DAY - 8 * HOUR


def _pieces(pattern: str, holes: list[int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Windows day by day, cut at closed days."""
    windows = PATTERNS[pattern]
    for midnight in range(first, last + DAY, DAY):
        if midnight in holes:
            continue
        today = weekday(midnight)
        for day, from_hour, to_hour in windows:
            if day == today:
                start, stop = midnight + from_hour * HOUR, midnight + to_hour * HOUR
                stop = next((hole for hole in holes if start < hole < stop), stop)
                yield start, stop
