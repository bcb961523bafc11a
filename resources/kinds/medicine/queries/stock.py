"""One lot's stock and ledger; lots of an institution by what a scan says."""

from resources.kinds.medicine.gs1 import Scan
from resources.models import MedicineLot, RecallNotice, StockMovement

MOST = 20
OF_ITEM = (
    "generic_name_en", "generic_name_zh", "brand", "dose_form", "strength", "unit", "pack_size",
    "pack", "approval_no", "gtin", "atc", "insurance_code", "mah", "manufacturer", "control_class",
    "preparation_approval", "storage_class", "transfer_basis", "basis_evidence", "unit_cost",
    "transfer_price", "currency", "min_days_at_receipt",
)  # fmt: skip


def own_lots(institution):
    """Lots with what their pages name."""
    rows = MedicineLot.objects.owned_by(institution)
    return rows.select_related("resource__site", "resource__category", "institution")


def ledger_of(lot: MedicineLot):
    """The lines of a lot's ledger, the newest first."""
    rows = StockMovement.objects.owned_by(lot.institution).filter(lot=lot)
    return rows.select_related("by").order_by("-at", "-pk")


def lots_like(scan: Scan, institution) -> list[MedicineLot]:
    """Own lots of the scanned medicine: those of the scanned number first."""
    rows = own_lots(institution).filter(gtin=scan.gtin).order_by("-pk")[:MOST]
    return sorted(rows, key=lambda lot: lot.lot_no != scan.lot_no)


def prefill(scan: Scan, known: list[MedicineLot]) -> dict:
    """The fields of a new lot that the code tells, and of the item as it was entered before."""
    values = {name: getattr(known[0], name) for name in OF_ITEM} if known else {}
    told = {
        "gtin": scan.gtin,
        "lot_no": scan.lot_no,
        "expiry_date": scan.expiry_date,
        "mfg_date": scan.mfg_date,
        "serials": scan.serial,
    }
    return values | {name: value for name, value in told.items() if value}


def recall_notices():
    """Every notice of the city, the newest first."""
    rows = RecallNotice.objects.select_related("entered_by", "entered_at_institution")
    return rows.order_by("-entered_at", "-pk")
