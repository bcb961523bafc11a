"""Of what is asked for as a whole – a lot, an asset – one request at a time is open: which."""

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Findings, Severity
from medshare_portal.refusals import Refusal
from scheduling.models import SharingRequest
from scheduling.states import State

MESSAGE = _("You have an open request for this already: %(reference)s.")


class AskedAlready(Refusal):
    """``reference`` of the request that is open."""

    def __init__(self, reference: str):
        super().__init__(str(MESSAGE) % {"reference": reference})


def open_request(resource, borrower, *, by=None) -> str:
    """The reference of the borrower's (of the person's, with ``by``) open request, or empty."""
    rows = SharingRequest.objects.borrowed_by(borrower).filter(resource=resource)
    if by is None:
        rows = rows.filter(state=State.REQUESTED)
    else:
        rows = rows.filter(created_by=by, state__in=State.OPEN, access_grant__break_glass=False)
    found = rows.order_by("pk").first()
    return found.reference if found else ""


def finding_of(reference: str) -> Findings:
    """As the form shows it before anything is sent."""
    if not reference:
        return Findings()
    return Findings(
        [
            Finding(
                code="GEN-12",
                severity=Severity.BLOCK,
                message=MESSAGE,
                params={"reference": reference},
                advice=_("Wait for its answer, or withdraw it first."),
            )
        ]
    )
