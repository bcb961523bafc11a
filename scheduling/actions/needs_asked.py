"""A request is made from the page of a need, and counts for it."""

from datetime import datetime

from medshare_portal import audit
from medshare_portal.roles import Permission
from scheduling.actions._lock import require
from scheduling.models import Need, SharingRequest

LONGEST_NUMBER = 18  # digits


def from_need(*, number: str, sharing_request: SharingRequest, by, now: datetime) -> Need | None:
    """Count the request for the need of this number, if that is an open one of its borrower and of
    its kind; any other number says nothing.  Part of the transaction in which it is asked."""
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    borrower, kind = sharing_request.borrower, sharing_request.kind
    require(by=by, institution=borrower, permission=Permission.ASK, kind=kind)
    need = Need.objects.owned_by(borrower).open().filter(pk=number, kind=kind).first()
    rows = SharingRequest.objects.borrowed_by(borrower).filter(pk=sharing_request.pk, need=None)
    if need is None or not rows.update(need=need):
        return None
    audit.record(
        chains=[borrower.slug],
        by=by,
        action="need.asked",
        obj=need,
        now=now,
        data={"what": need.what, "given": sharing_request.reference},
    )
    return need
