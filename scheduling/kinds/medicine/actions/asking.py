"""The receiver's side: ask for packs of an offered lot."""

from dataclasses import dataclass, field
from datetime import date, datetime

from medshare_portal.roles import Permission
from scheduling.actions import _rules
from scheduling.actions._lock import lock_resource, require
from scheduling.actions._move import created
from scheduling.actions.requests import WrongSite
from scheduling.actions.sign_offs import ask_for
from scheduling.deadlines import answer_due
from scheduling.kinds.medicine.queries import facts
from scheduling.kinds.medicine.rules.transfers import findings_of
from scheduling.models import MedicineTransfer, SharingRequest
from scheduling.queries.open_request import AskedAlready, open_request
from scheduling.states import Priority, State

KIND = "medicine"


@dataclass(frozen=True, kw_only=True)
class TransferTerms:
    """What the receiver fills in; ``accepted`` maps code → reason."""

    quantity: int
    expected_on: date
    purpose: str
    delivery_site: object
    priority: str = Priority.ROUTINE
    accepted: dict[str, str] = field(default_factory=dict)
    basket: object | None = None


def ask(*, resource, borrower, terms: TransferTerms, by, now: datetime) -> SharingRequest:
    """Send a request.  Raises RulesBlock or ReasonMissing (with all findings), AskedAlready,
    WrongSite."""
    require(by=by, institution=borrower, permission=Permission.ASK, kind=KIND)
    resource = lock_resource(resource.pk)
    if reference := open_request(resource, borrower):
        raise AskedAlready(reference)
    if terms.delivery_site.institution_id != borrower.pk:
        raise WrongSite
    lot = facts.lot_of(resource)
    context = facts.context_of(
        lot, borrower, quantity=terms.quantity, arrival=terms.expected_on, now=now
    )
    findings = findings_of(context)
    _rules.judge(findings, terms.accepted)
    accepted = _rules.reasons_for(findings, terms.accepted)
    _rules.require_passing(accepted, by=by, institution=borrower, kind=KIND, findings=findings)
    request = created(
        _new(resource, borrower, terms, accepted, lot, by, now),
        "ask",
        by=by,
        now=now,
        data=_rules.passed(accepted),
    )
    MedicineTransfer.objects.create(
        sharing_request=request,
        expected_on=terms.expected_on,
        days_left_at_arrival=max(context.days_left, 0),
        dual_sign_off=lot.needs_dual_sign_off,
        unit_price=lot.transfer_price,
    )
    ask_for(request, now=now)
    return request


def _new(resource, borrower, terms, accepted, lot, by, now) -> SharingRequest:
    return SharingRequest(
        resource=resource,
        owner=resource.institution,
        borrower=borrower,
        kind=KIND,
        exclusive=resource.units == 1,
        state=State.REQUESTED,
        offer=facts.published_offer(lot),
        basket=terms.basket,
        priority=terms.priority,
        purpose=terms.purpose,
        delivery_site=terms.delivery_site,
        quantity=terms.quantity,
        asked_quantity=terms.quantity,
        created_at=now,
        created_by=by,
        submitted_at=now,
        due_at=answer_due(site=resource.site, priority=terms.priority, now=now),
        currency=lot.currency,
        accepted_findings=_rules.accepted_record(accepted, by=by, now=now),
    )
