"""Release, hold back or recall lots.  What may not be used is no longer offered, at once."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.notices import people_with, queue
from medshare_portal.refusals import Refusal
from medshare_portal.registry import Registry
from medshare_portal.roles import Permission
from resources.actions import offers
from resources.enums_medicine import PackState, QuarantineState
from resources.kinds.medicine.actions.ledger import locked
from resources.kinds.medicine.notices import LotRecalled
from resources.models import MedicineLot, Offer, RecallNotice

REASON = "a recall holds in the whole city"
# Called with (lot, reason, by, now) when a lot stops being usable: open requests are put on hold.
stopping: Registry[Callable] = Registry("what stops with a lot")
# Likewise when a lot that was held back may be used again.
releasing: Registry[Callable] = Registry("what goes on with a lot")


class StillRecalled(Refusal):
    message = _("A recall notice is about this lot: it cannot be released.")
    field = "quarantine_state"


class RecallKnown(Refusal):
    message = _("This recall notice is entered already.")
    field = "reference"
    status = 422


def set_state(
    *,
    lot: MedicineLot,
    quarantine_state: str,
    pack_state: str,
    reason: str,
    by,
    now: datetime,
) -> None:
    """What the pharmacy lets be done with a lot.  Raises StillRecalled."""
    fresh = locked(lot)
    if fresh.quarantine_state == QuarantineState.RECALLED:
        raise StillRecalled
    before = [fresh.quarantine_state, fresh.pack_state]
    if before == [quarantine_state, pack_state]:
        return
    fresh.quarantine_state, fresh.pack_state = quarantine_state, pack_state
    fresh.save(update_fields=["quarantine_state", "pack_state"])
    if (quarantine_state, pack_state) != (QuarantineState.RELEASED, PackState.SEALED):
        _stop(fresh, reason, by, now)
    else:
        for go_on in releasing:
            go_on(lot=fresh, reason=reason, by=by, now=now)
    _record(fresh, "stock.state_set", by, now, before, reason)


def recall(
    *,
    institution,
    approval_no: str,
    lot_no: str,
    reference: str,
    reason: str,
    by,
    now: datetime,
) -> RecallNotice:
    """Enter a notice: every lot of this number in the city stops at once, its people are told.

    Lots are taken in the order of their keys, so that two recalls never wait for each other.
    Raises RecallKnown.
    """
    notice = RecallNotice(
        approval_no=approval_no,
        lot_no=lot_no,
        reference=reference,
        reason=reason,
        entered_by=by,
        entered_at_institution=institution,
        entered_at=now,
    )
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError as error:
        raise RecallKnown from error
    rows = MedicineLot.objects.everywhere(reason=REASON).select_related("institution")
    found = rows.filter(approval_no=approval_no, lot_no=lot_no).order_by("pk")
    # All locks first: what follows writes into the audit chains, which come last.
    stopped = [(lot, [lot.quarantine_state, lot.pack_state]) for lot in map(locked, found)]
    for lot, _before in stopped:
        lot.quarantine_state = QuarantineState.RECALLED
        lot.save(update_fields=["quarantine_state"])
        _stop(lot, f"{reference}: {reason}", by, now)
        _tell(lot, notice, now)
    for lot, before in stopped:
        _record(lot, "stock.recalled", by, now, before, f"{reference}: {reason}")
    return notice


def _stop(lot: MedicineLot, reason: str, by, now: datetime) -> None:
    """Its offer ends; what an upper app has under way is put on hold."""
    published = Offer.objects.owned_by(lot.institution).published().filter(resource=lot.pk)
    offer = published.select_related("resource__institution").first()
    if offer is not None:
        offers.withdraw(offer=offer, by=by, now=now)
    for stop in stopping:
        stop(lot=lot, reason=reason, by=by, now=now)


def _tell(lot: MedicineLot, notice: RecallNotice, now: datetime) -> None:
    queue(
        LotRecalled,
        users=people_with(Permission.EDIT_RESOURCE, lot.institution, "medicine"),
        institution=lot.institution,
        event_key=f"lot-recalled:{notice.pk}:{lot.pk}",
        context={
            "name_en": lot.resource.name_en or lot.resource.name_zh,
            "name_zh": lot.resource.name_zh or lot.resource.name_en,
            "lot": lot.lot_no,
            "reference": notice.reference,
            "reason": notice.reason,
        },
        now=now,
        object_id=lot.pk,
    )


def _record(lot: MedicineLot, action: str, by, now: datetime, before: list, reason: str) -> None:
    after = [lot.quarantine_state, lot.pack_state]
    names = ("quarantine_state", "pack_state")
    changes = {
        name: [old, new] for name, old, new in zip(names, before, after, strict=True) if old != new
    }
    audit.record(
        chains=[lot.institution.slug],
        by=by,
        action=action,
        obj=lot.resource,
        now=now,
        label=f"{lot.resource.name} ({lot.lot_no})",
        data={"changes": changes, "reason": reason},
    )
