"""Fifty thousand lots for the at-risk board, all of one pharmacy: the hardest case."""

from datetime import timedelta

from django.db import connection

from resources.models import MedicineLot, MedicineUse, Resource, StockMovement

LOTS, ITEMS, DAYS, BATCH = 50_000, 500, 1460, 1000


def make_lots(institution, now) -> int:
    """Fill the stock of an institution up to LOTS; returns how many it has."""
    own = MedicineLot.unscoped.filter(institution=institution)
    pattern = own.select_related("resource").order_by("pk").first()
    missing = LOTS - own.count()
    if missing > 0:
        _fill(pattern, missing, now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return own.count()


def _fill(pattern: MedicineLot, missing: int, now) -> None:
    resources = Resource.unscoped.bulk_create(
        [_resource(pattern.resource, number) for number in range(missing)], batch_size=BATCH
    )
    lots = [
        _lot(pattern, resource, number, now.date()) for number, resource in enumerate(resources)
    ]
    MedicineLot.unscoped.bulk_create(lots, batch_size=BATCH)
    lines = [_received(lot, number, now) for number, lot in enumerate(lots)]
    StockMovement.unscoped.bulk_create(lines, batch_size=BATCH)
    MedicineUse.unscoped.bulk_create(
        [_use(pattern, number, now.date()) for number in range(ITEMS) if number % 5]
    )


def _copy(row, **changes):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | changes)


def _resource(row: Resource, number: int) -> Resource:
    code = f"BENCH-{number:06d}"
    return _copy(row, id=None, code=code, public_id=code, search_text="", status="draft")


def _lot(row: MedicineLot, resource: Resource, number: int, today) -> MedicineLot:
    return _copy(
        row,
        resource_id=resource.pk,
        lot_no=f"B{number:06d}",
        item_key=f"bench {number % ITEMS}",
        mfg_date=today - timedelta(days=400),
        expiry_date=today + timedelta(days=number * 7919 % DAYS),
        quarantine_state="released",
        pack_state="sealed",
        identity_fixed=False,
        on_hand=0,
        reserved=0,
        in_transit=0,
    )


def _received(lot: MedicineLot, number: int, now) -> StockMovement:
    packs = 5 + number % 90
    return StockMovement(
        lot=lot,
        sort="receive",
        quantity=packs,
        on_hand_change=packs,
        reserved_change=0,
        in_transit_change=0,
        at=now,
    )


def _use(row: MedicineLot, number: int, today) -> MedicineUse:
    return MedicineUse(
        institution_id=row.institution_id,
        item_key=f"bench {number}",
        generic_name_en=row.generic_name_en,
        generic_name_zh=row.generic_name_zh,
        dose_form=row.dose_form,
        strength=row.strength,
        unit=row.unit,
        units_per_day=1 + number % 7,
        measured_until=today,
    )
