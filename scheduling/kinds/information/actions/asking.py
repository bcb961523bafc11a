"""The borrower's side: ask, change what was returned and send it again, give back."""

from dataclasses import dataclass, field
from datetime import datetime

from medshare_portal import policy
from medshare_portal.roles import Permission
from resources.models import Resource
from scheduling.actions._lock import lock_request, lock_resource, require
from scheduling.actions._move import IllegalTransition, created, move
from scheduling.actions._rules import RulesBlock
from scheduling.actions.sign_offs import ask_again, ask_for
from scheduling.deadlines import answer_due
from scheduling.kinds.information.facts import AccessWish
from scheduling.kinds.information.queries import facts
from scheduling.kinds.information.rules import findings_for_wish
from scheduling.models import AccessGrant, SharingRequest, TermsAcceptance
from scheduling.queries.open_request import AskedAlready, open_request
from scheduling.states import Priority, Side, State

KIND = "information"


@dataclass(frozen=True, kw_only=True)
class AccessTermsAsked:
    """What the person fills in; ``until`` is an aware moment."""

    purpose_of_use: str
    legal_basis: str
    recipient_role: str
    scope: tuple[str, ...]
    looks: int
    until: datetime | None
    reason: str
    cohort: str = ""
    consent_ref: str = ""
    consent_separate: bool = False
    assessment_ref: str = ""
    contract_ref: str = ""
    priority: str = Priority.ROUTINE
    agreed: bool = field(default=False)
    basket: object | None = None

    def columns(self) -> dict:
        """What goes into the grant's own row."""
        return {
            "purpose_of_use": self.purpose_of_use,
            "legal_basis": self.legal_basis,
            "recipient_role": self.recipient_role,
            "scope": list(self.scope),
            "asked_until": self.until,
            "cohort": self.cohort,
            "consent_ref": self.consent_ref,
            "consent_separate": self.consent_separate,
            "assessment_ref": self.assessment_ref,
            "contract_ref": self.contract_ref,
        }


def ask_item(
    *, resource: Resource, borrower, terms: AccessTermsAsked, by, now: datetime
) -> SharingRequest:
    """``WorkflowKind.ask``: the same as a line of a basket."""
    return ask(resource=resource, borrower=borrower, asked=terms, by=by, now=now)


def ask(
    *, resource: Resource, borrower, asked: AccessTermsAsked, by, now: datetime
) -> SharingRequest:
    """Send a request under the conditions in force.  Raises RulesBlock with all findings."""
    require(by=by, institution=borrower, permission=Permission.ASK, kind=KIND)
    resource = lock_resource(resource.pk)
    if reference := open_request(resource, borrower, by=by):
        raise AskedAlready(reference)
    terms = facts.terms_in_force(resource, borrower)
    _agree(terms, asked.agreed, borrower, by, now)
    check(resource, borrower, terms, asked, by=by, now=now)
    request = SharingRequest(
        resource=resource,
        owner=resource.institution,
        borrower=borrower,
        kind=KIND,
        exclusive=resource.units == 1,
        state=State.REQUESTED,
        offer=None,
        basket=asked.basket,
        priority=asked.priority,
        purpose=asked.reason,
        quantity=asked.looks,
        asked_quantity=asked.looks,
        created_at=now,
        created_by=by,
        submitted_at=now,
        due_at=answer_due(site=resource.site, priority=asked.priority, now=now),
        agreement_accepted_at=now,
    )
    created(request, "ask", by=by, now=now, data={"purpose": asked.purpose_of_use})
    AccessGrant.objects.create(sharing_request=request, terms=terms, person=by, **asked.columns())
    ask_for(request, now=now)
    return request


def _agree(terms, agreed: bool, institution, by, now: datetime) -> None:
    """Keep that the person agreed to this version; rolled back with a refused request."""
    if terms is None or not agreed:
        return
    if not facts.has_agreed(terms, by):
        TermsAcceptance.objects.create(
            institution=institution, terms=terms, user=by, accepted_at=now
        )


def check(
    resource: Resource, borrower, terms, asked: AccessTermsAsked, *, by, now: datetime
) -> AccessWish:
    """Every rule at once; raises RulesBlock with all that stands in the way."""
    wish = thought_of(resource, borrower, terms, asked, by=by, now=now)
    findings = findings_for_wish(wish)
    if findings.blocks:
        raise RulesBlock(findings=findings)
    return wish


def thought_of(
    resource: Resource, borrower, terms, asked: AccessTermsAsked, *, by, now: datetime
) -> AccessWish:
    """What the rules look at, of a request that is sent or only thought of."""
    where = facts.countries(resource.institution, borrower)
    return AccessWish(
        resource=resource,
        terms=terms,
        offered=facts.is_offered(resource),
        borrower=borrower,
        borrower_country=where.get(borrower.pk, ""),
        owner_country=where.get(resource.institution_id, ""),
        purpose_of_use=asked.purpose_of_use,
        legal_basis=asked.legal_basis,
        recipient_role=asked.recipient_role,
        scope=asked.scope,
        looks=asked.looks,
        until=asked.until,
        consent_ref=asked.consent_ref,
        consent_separate=asked.consent_separate,
        assessment_ref=asked.assessment_ref,
        contract_ref=asked.contract_ref,
        agreed=asked.agreed or facts.has_agreed(terms, by),
        limits=policy.current().information,
        now=now,
    )


def resubmit(
    *,
    sharing_request: SharingRequest,
    asked: AccessTermsAsked,
    by,
    now: datetime,
    version: int | None = None,
) -> SharingRequest:
    """Send a returned request again, changed; under the conditions in force by now.

    What was asked before stays on the grant, so that the owner sees the difference; a consent to
    it counts no more.
    """
    fresh = lock_request(sharing_request, version=version)
    require(by=by, institution=fresh.borrower, permission=Permission.ASK, kind=KIND)
    if fresh.state != State.COUNTERED:
        raise IllegalTransition(fresh.state)
    grant = AccessGrant.objects.of(fresh).select_for_update(of=("self",)).get()
    terms = facts.terms_in_force(fresh.resource, fresh.borrower)
    _agree(terms, asked.agreed, fresh.borrower, by, now)
    check(fresh.resource, fresh.borrower, terms, asked, by=by, now=now)
    for name, value in ({"terms": terms, "person": by} | asked.columns()).items():
        setattr(grant, name, value)
    grant.save()
    ask_again(fresh, now=now)
    return move(
        fresh,
        "resubmit",
        side=Side.BORROWER,
        by=by,
        now=now,
        text=asked.reason,
        purpose=asked.reason,
        quantity=asked.looks,
        decided_at=None,
        decided_by=None,
        decision_text="",
        due_at=answer_due(site=fresh.resource.site, priority=fresh.priority, now=now),
    )
