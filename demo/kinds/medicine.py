"""Lots of medicines with stock, daily use, recalls and offers, at every institution.

Drawn from a generator of its own, so that the rest of the city stays as it is.
"""

import random
from datetime import timedelta
from decimal import Decimal
from itertools import count

from demo.kinds.medicine_issues import issues
from demo.kinds.medicine_transfers import make_transfers
from demo.medicines import ITEMS, MAKERS, Item
from demo.world import Place, World
from medshare_portal.validators import gs1_check_digit
from resources.enums import OfferStatus, ResourceStatus, Visibility
from resources.enums_medicine import MovementSort, QuarantineState, TransferBasis
from resources.kinds.medicine import names_of
from resources.models import (
    Category,
    MedicineLot,
    MedicineUse,
    Offer,
    RecallNotice,
    Resource,
    StockMovement,
)
from resources.models.medicine import item_key
from resources.search import search_text_for

LOTS_AT_EACH = {"small": 26, "city": 60, "metro": 125}
OFFERED_EACH, FIRST_OFFERED = 7, 3  # one lot in so many is on offer
NOT_USED = 0.16  # share of items whose use nobody knows
BATCH = 1000


def make_medicines(world: World) -> None:
    """Needs institutions and people."""
    rng = random.Random(f"medicine {world.scale.name} {world.scale.institutions}")
    categories = {c.slug: c for c in Category.objects.filter(kind="medicine")}
    numbers = count(1)
    lots: list[MedicineLot] = []
    for place in world.places:
        lots += [
            _lot(world, place, item, number, rng, categories)
            for item, number in zip(_items_of(world, rng), numbers, strict=False)
        ]
    _store(world, lots, rng)
    _make_use(world, rng)
    chosen = lots[FIRST_OFFERED::OFFERED_EACH]
    offered = [lot for lot in chosen if _may_be_offered(world, lot)]
    _offer(world, offered)
    _recall(world, lots)
    make_transfers(world, offered)


def _items_of(world: World, rng: random.Random) -> list[Item]:
    """The items of a pharmacy's lots: some have several lots."""
    return rng.choices(ITEMS, k=LOTS_AT_EACH[world.scale.name])


def _lot(world, place: Place, item: Item, number: int, rng, categories) -> MedicineLot:
    left = rng.choice((rng.randrange(-4, 60), rng.randrange(20, 200), rng.randrange(120, 720)))
    gtin = f"0693{ITEMS.index(item):04d}{1000 + ITEMS.index(item):05d}"
    basis = TransferBasis.CONSORTIUM_UNIFIED if number % 3 else TransferBasis.AUTHORITY_ALLOCATION
    maker = MAKERS[ITEMS.index(item) % len(MAKERS)]
    names = {"generic_name_en": item.name_en, "generic_name_zh": item.name_zh}
    resource = Resource(
        institution=place.institution,
        site=place.sites[number % len(place.sites)],
        kind="medicine",
        category=categories[f"atc-{item.atc[0].lower()}"],
        code=f"{place.spec.letters}-M-{number:05d}",
        public_id=f"m{number:06d}{rng.getrandbits(80):020x}",
        status=ResourceStatus.DRAFT,
        visibility=Visibility.PRIVATE,
        **names_of(names | {"strength": item.strength}),
    )
    lot = MedicineLot(
        resource=resource,
        institution=place.institution,
        dose_form=item.form,
        strength=item.strength,
        unit=item.unit,
        pack_size=item.size,
        pack=item.pack,
        approval_no=f"国药准字{item.letter}2019{ITEMS.index(item):04d}",
        gtin=gtin + gs1_check_digit(gtin),
        atc=item.atc if len(item.atc) in (1, 3, 4, 5, 7) else "",
        mah=maker,
        manufacturer=maker,
        lot_no=f"{item.name_en[:2].upper()}{world.today:%y}{number:05d}",
        mfg_date=world.today + timedelta(days=left - 730),
        expiry_date=world.today + timedelta(days=left),
        control_class=item.control,
        storage_class=item.storage,
        recall_checked_at=world.moment - timedelta(days=rng.randrange(0, 12)),
        transfer_basis=basis if number % 11 else "",
        basis_evidence=f"医联体药品调剂协议 {world.today.year}-{number:05d}" if number % 11 else "",
        unit_cost=Decimal(item.cost),
        transfer_price=Decimal(item.cost),
        quarantine_state=QuarantineState.QUARANTINE if number % 37 == 5 else "released",
        **names,
    )
    lot.item_key = item_key(item.name_en, item.name_zh, item.form, item.strength, item.unit)
    resource.search_text = search_text_for(resource, lot, resource.category)
    return lot


def _store(world: World, lots: list[MedicineLot], rng: random.Random) -> None:
    Resource.unscoped.bulk_create([lot.resource for lot in lots], batch_size=BATCH)
    for lot in lots:
        lot.resource_id = lot.resource.pk
    MedicineLot.unscoped.bulk_create(lots, batch_size=BATCH)
    uses = {item.name_en: item.use / item.size for item in ITEMS}
    movements = []
    for lot in lots:
        days = rng.randrange(15, 160)
        packs = max(2, round(uses[lot.generic_name_en] * days * rng.choice((0.4, 0.8, 1.3))))
        movements.append(_received(world, lot, packs, rng))
    days = issues(world, movements, uses)
    StockMovement.unscoped.bulk_create(movements, batch_size=BATCH)
    for lines in days:
        StockMovement.unscoped.bulk_create(lines, batch_size=BATCH)


def _received(world: World, lot: MedicineLot, packs: int, rng: random.Random) -> StockMovement:
    return StockMovement(
        lot=lot,
        sort=MovementSort.RECEIVE,
        quantity=packs,
        on_hand_change=packs,
        reserved_change=0,
        in_transit_change=0,
        at=world.moment - timedelta(days=rng.randrange(3, 300), minutes=rng.randrange(900)),
        reference=f"RK{world.today:%y}{lot.resource_id:07d}",
    )


def _make_use(world: World, rng: random.Random) -> None:
    rows = []
    for place in world.places:
        for item in ITEMS:
            if rng.random() < NOT_USED:
                continue
            rate = Decimal(str(round(item.use * rng.choice((0.3, 0.7, 1, 1, 1.6)), 1)))
            rows.append(
                MedicineUse(
                    institution=place.institution,
                    item_key=item_key(
                        item.name_en, item.name_zh, item.form, item.strength, item.unit
                    ),
                    generic_name_en=item.name_en,
                    generic_name_zh=item.name_zh,
                    dose_form=item.form,
                    strength=item.strength,
                    unit=item.unit,
                    units_per_day=rate,
                    units_per_day_last_year=round(rate * rng.choice((7, 10, 10, 13)) / 10, 1),
                    measured_until=world.today - timedelta(days=1),
                )
            )
    MedicineUse.unscoped.bulk_create(rows, batch_size=BATCH)


def _may_be_offered(world: World, lot: MedicineLot) -> bool:
    left = (lot.expiry_date - world.today).days
    plain = lot.control_class != "narcotic" and lot.quarantine_state == "released"
    return plain and bool(lot.transfer_basis) and left > 40


def _offer(world: World, lots: list[MedicineLot]) -> None:
    stock = dict(MedicineLot.unscoped.values_list("pk", "on_hand"))
    offers = []
    for turn, lot in enumerate(lots):
        confirmed = world.moment - timedelta(days=turn % 6, minutes=40)
        lot.identity_fixed = True
        lot.recall_checked_at = confirmed
        lot.resource.status, lot.resource.visibility = ResourceStatus.LISTED, Visibility.ALL
        lot.resource.confirmed_at = confirmed
        offers.append(
            Offer(
                institution=lot.institution,
                resource=lot.resource,
                status=OfferStatus.PUBLISHED,
                starts_on=confirmed.date(),
                ends_on=lot.expiry_date - timedelta(days=31),
                notice_hours=0,
                transport_minutes=0,
                cleaning_minutes=0,
                quantity=max(1, stock[lot.pk] // 2),
                confirmed_at=confirmed,
                published_at=confirmed,
                expanded_until=world.moment + timedelta(days=world.scale.horizon_days),
            )
        )
    Offer.unscoped.bulk_create(offers, batch_size=BATCH)
    names = ["status", "visibility", "confirmed_at"]
    Resource.unscoped.bulk_update([lot.resource for lot in lots], names, batch_size=BATCH)
    for lot in lots:
        MedicineLot.unscoped.filter(pk=lot.pk).update(
            identity_fixed=True, recall_checked_at=lot.recall_checked_at
        )


def _recall(world: World, lots: list[MedicineLot]) -> None:
    """Two lots are recalled; what is on offer stays sound."""
    calm = [lot for lot in lots if not lot.identity_fixed]
    for number, lot in enumerate(calm[5:7], start=1):
        place = world.places[0]
        RecallNotice.objects.create(
            approval_no=lot.approval_no,
            lot_no=lot.lot_no,
            reference=f"浙药监召〔{world.today.year}〕{number:03d}号",
            reason="稳定性考察不合格",
            entered_by=next(iter(place.people.values()))[0],
            entered_at_institution=place.institution,
            entered_at=world.moment - timedelta(days=number),
        )
        MedicineLot.unscoped.filter(pk=lot.pk).update(quarantine_state=QuarantineState.RECALLED)
