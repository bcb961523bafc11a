"""Lots with stock, daily use."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from medshare_portal.models import Institution
from resources.enums import ResourceStatus, Visibility
from resources.enums_medicine import EFFECTS, MovementSort
from resources.models import MedicineLot, MedicineUse, Resource, StockMovement
from resources.models.medicine import item_key
from scheduling.actions.sign_offs import ask_for
from scheduling.models import MedicineTransfer, SharingRequest
from scheduling.states import State
from tests.make.catalogue import RESOURCE_FIELDS, category, offer
from tests.make.people import user
from tests.make.requests import sharing_request

_numbers = count(1)
ITEM = {
    "generic_name_en": "Insulin glargine",
    "generic_name_zh": "甘精胰岛素",
    "dose_form": "injection",
    "strength": "300 IU/3 ml",
    "unit": "pen",
}


def medicine_lot(institution: Institution, *, stock: int = 100, **fields) -> MedicineLot:
    """A released lot of insulin with stock, private to its owner; fields of either row."""
    number = next(_numbers)
    values = {
        "kind": "medicine",
        "category": fields.pop("category", None) or category("A", kind="medicine"),
        "code": f"M-{number:05d}",
        "name_en": "Insulin glargine",
        "name_zh": "甘精胰岛素",
        "status": ResourceStatus.DRAFT,
        "visibility": Visibility.PRIVATE,
        "public_id": f"lot{number:010d}",
    }
    values |= {name: fields.pop(name) for name in list(fields) if name in RESOURCE_FIELDS}
    values.setdefault("site", institution.sites.order_by("-is_main", "pk").first())
    resource = Resource.unscoped.create(institution=institution, **values)
    detail = {
        **ITEM,
        "pack_size": 5,
        "approval_no": f"国药准字S2020{number:04d}",
        "mah": "Example Pharma",
        "manufacturer": "Example Pharma",
        "lot_no": f"L{number:05d}",
        "mfg_date": date(2025, 1, 1),
        "expiry_date": date.today() + timedelta(days=100),  # noqa: DTZ011 – far from midnight
        "storage_class": "refrigerated_2_8",
        "unit_cost": 120,
        "transfer_price": 120,
        "transfer_basis": "consortium_unified",
        "basis_evidence": "Agreement 1",
        "recall_checked_at": timezone.now(),
    }
    lot = MedicineLot.unscoped.create(resource=resource, **detail | fields)
    if stock:
        movement(lot, MovementSort.RECEIVE, stock)
    return lot


def movement(lot: MedicineLot, sort: str, quantity: int, **fields) -> StockMovement:
    """A line of the ledger, past every check but the database's; the lot is read again."""
    changes = zip(("on_hand", "reserved", "in_transit"), EFFECTS[sort], strict=True)
    values = {f"{name}_change": sign * quantity for name, sign in changes}
    values |= {"at": timezone.now(), "reason": "test"}
    made = StockMovement.unscoped.create(lot=lot, sort=sort, quantity=quantity, **values | fields)
    lot.refresh_from_db()
    return made


def medicine_use(institution: Institution, units_per_day, **fields) -> MedicineUse:
    """What the institution uses of the insulin of ``medicine_lot`` in a day, in pens."""
    values = {**ITEM, "measured_until": timezone.now().date()} | fields
    names = ("generic_name_en", "generic_name_zh", "dose_form", "strength", "unit")
    key = item_key(*(values[name] for name in names))
    return MedicineUse.unscoped.create(
        institution=institution, item_key=key, units_per_day=units_per_day, **values
    )


def offered_lot(institution: Institution, *, stock: int = 100, **fields) -> MedicineLot:
    """A lot that everybody sees, all of it on offer."""
    lot = medicine_lot(institution, stock=stock, status="listed", visibility="all", **fields)
    published = offer(lot.resource, quantity=stock, intervals=[])
    Resource.unscoped.filter(pk=lot.pk).update(confirmed_at=published.confirmed_at)
    return lot


def transfer(
    lot: MedicineLot, borrower: Institution, *, state: str = "requested", packs: int = 5
) -> SharingRequest:
    """A request for packs of a lot in a state; the ledger holds what the state says."""
    now = timezone.now()
    request = sharing_request(
        lot.resource,
        borrower,
        state=state,
        now=now,
        by=user(at=borrower, role="pharmacist"),
        decided_by=user(at=lot.institution, role="pharmacist"),
        quantity=packs,
        asked_quantity=packs,
        mode="",
        delivery_site=borrower.sites.first(),
    )
    received = state in ("finished", "closed")
    sent = received or state == "underway"
    MedicineTransfer.unscoped.create(
        sharing_request=request,
        expected_on=now.date() + timedelta(days=1),
        days_left_at_arrival=(lot.expiry_date - now.date()).days - 1,
        unit_price=lot.transfer_price,
        shipped=packs if sent else None,
        **({"accepted": packs, "rejected": 0, "lost": 0} if received else {}),
    )
    ask_for(request, now=now)
    for sort, needed in (
        ("reserve", state in State.BOOKED),
        ("dispatch", sent),
        ("accept", received),
    ):
        if needed:
            movement(lot, sort, packs, reference=request.reference)
    return request
