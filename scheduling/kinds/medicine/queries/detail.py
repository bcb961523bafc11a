"""What the pages of a transfer show."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_date
from resources.kinds.medicine.words import generic_name, presentation
from resources.models import StockMovement
from scheduling.kinds.medicine.queries.facts import lot_of, transfer_of
from scheduling.queries.sign_offs import signatures
from scheduling.states import State


def extent(sharing_request) -> str:
    """'12 packs', '12 of 20 packs'."""
    number, asked = int(sharing_request.quantity), int(sharing_request.asked_quantity)
    if number < asked:
        return _("%(n)s of %(asked)s packs") % {"n": number, "asked": asked}
    return ngettext("%(n)s pack", "%(n)s packs", number) % {"n": number}


def transfer_facts(sharing_request, institution) -> dict:
    """The lot, the way it travels, who signed, what was counted."""
    lot, transfer = lot_of(sharing_request.resource), transfer_of(sharing_request)
    side = sharing_request.side_of(institution)
    return {
        "lot": lot,
        "transfer": transfer,
        "lines": lines_of(sharing_request, lot, transfer),
        "counted": counted(transfer),
        "signatures": signatures(sharing_request, side),
        "shows_note": sharing_request.state in State.BOOKED,
        "own_lot": transfer.received_as_id if side == "borrower" else None,
    }


def lines_of(sharing_request, lot, transfer) -> list[tuple[str, str]]:
    """(label, words) of what a record of a transfer says (MED-16)."""
    total = transfer.unit_price * sharing_request.quantity
    money = f"{transfer.unit_price:,.2f} × {int(sharing_request.quantity)} = {total:,.2f}"
    told = [
        (_("Medicine"), f"{generic_name(lot)} {presentation(lot)}"),
        (_("Dose form"), lot.get_dose_form_display()),
        (_("Approval number"), lot.approval_no),
        (_("Lot number"), lot.lot_no),
        (_("Usable until"), describe_date(lot.expiry_date)),
        (_("Marketing authorisation holder"), lot.mah),
        (_("Manufacturer"), lot.manufacturer),
        (_("Storage"), lot.get_storage_class_display()),
        (_("Packs"), extent(sharing_request)),
        (_("Price"), f"{money} {sharing_request.currency}"),
        (_("Basis"), f"{lot.get_transfer_basis_display()} · {lot.basis_evidence}"),
        (_("Expected on"), describe_date(transfer.expected_on)),
        (_("Seal number"), transfer.seal_no),
        (_("Carried by"), transfer.courier),
        (_("Temperature logger"), transfer.logger_no),
    ]
    return [line for line in told if line[1]]


def counted(transfer) -> list[tuple[str, str]]:
    """What the receiver counted and measured."""
    if transfer.accepted is None:
        return []
    told = [
        (_("Packs shipped"), transfer.shipped),
        (_("Packs accepted"), transfer.accepted),
        (_("Packs rejected"), transfer.rejected),
        (_("Packs lost"), transfer.lost),
        (_("Reason"), transfer.difference_reason),
        (_("Temperature record"), transfer.temperature_record),
    ]
    if transfer.coldest is not None and transfer.warmest is not None:
        told.append((_("Temperature"), f"{transfer.coldest} – {transfer.warmest} °C"))
    return [(label, str(value)) for label, value in told if value not in ("", None)]


def ledger_lines(sharing_request, institution):
    """The lines of both ledgers that this transfer wrote, as far as they are the reader's."""
    rows = StockMovement.objects.owned_by(institution).filter(reference=sharing_request.reference)
    return rows.select_related("lot").order_by("pk")
