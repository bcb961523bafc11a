"""What is accepted becomes a lot of the receiver, with its own ledger."""

from datetime import datetime

from resources.actions.resources import new_public_id
from resources.enums import ResourceStatus
from resources.enums_medicine import MovementSort
from resources.kinds.medicine.actions.ledger import Line, post_all
from resources.models import MedicineLot, Resource
from resources.search import search_text_for

COPIED = (
    "generic_name_en", "generic_name_zh", "brand", "dose_form", "strength", "pack_size", "unit",
    "pack", "approval_no", "gtin", "atc", "insurance_code", "mah", "manufacturer", "lot_no",
    "mfg_date", "expiry_date", "control_class", "preparation_approval", "storage_class",
    "currency",
)  # fmt: skip


def enter_lot(*, lot: MedicineLot, sharing_request, packs: int, by, now: datetime) -> MedicineLot:
    """A draft of the receiver, called after the request; it is not passed on again (MED-18)."""
    sent = lot.resource
    resource = Resource(
        institution=sharing_request.borrower,
        site=sharing_request.delivery_site,
        kind=sent.kind,
        category_id=sent.category_id,
        code=sharing_request.reference,
        name_en=sent.name_en,
        name_zh=sent.name_zh,
        status=ResourceStatus.DRAFT,
        public_id=new_public_id(),
    )
    own = MedicineLot(
        resource=resource,
        received_from=lot.institution,
        unit_cost=sharing_request.medicine_transfer.unit_price,  # as it was agreed
        transfer_price=0,
        recall_checked_at=now,
        **{name: getattr(lot, name) for name in COPIED},
    )
    resource.search_text = search_text_for(resource, own, sent.category)
    resource.save(force_insert=True)
    own.resource = resource
    own.save(force_insert=True)
    line = Line(sort=MovementSort.RECEIVE, quantity=packs, reference=sharing_request.reference)
    post_all(lot=own, lines=[line], by=by, now=now)
    return own
