"""What a borrower asks for, as the rules are asked about it and as a row keeps it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Findings
from medshare_portal.refusals import Refusal
from resources.enums import ShareMode
from resources.models import Resource
from scheduling.actions import _rules
from scheduling.costs import agreed_price
from scheduling.models import SharingRequest
from scheduling.queries.rule_facts import Wish
from scheduling.rules import RuleContext
from scheduling.states import Priority, Transport


class WrongSite(Refusal):
    """The device would be delivered to somebody else's site."""

    message = _("Choose one of your own sites.")
    field = "delivery_site"
    status = 422


@dataclass(frozen=True, kw_only=True)
class RequestTerms:
    """What the borrower fills in.  Times are aware UTC; ``accepted`` maps code → reason."""

    starts_at: datetime
    ends_at: datetime
    units: int = 1
    mode: str = ShareMode.LOAN
    priority: str = Priority.ROUTINE
    purpose: str = ""
    delivery_site: object | None = None
    delivery_place: str = ""
    transport: str = Transport.BORROWER
    agreement_accepted: bool = False
    accepted: dict[str, str] = field(default_factory=dict)
    asked: object | None = None  # what the kind asks beside (Wish.asked)
    basket: object | None = None
    series: object | None = None  # of which this is one date


def wish_for(
    resource: Resource, borrower, terms: RequestTerms, held: SharingRequest | None
) -> Wish:
    """What the rules are asked about."""
    return Wish(
        resource=resource,
        borrower=borrower,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        units=terms.units,
        mode=terms.mode,
        priority=terms.priority,
        agreement_accepted=terms.agreement_accepted or terms.mode != ShareMode.LOAN,
        sharing_request=held,
        asked=terms.asked,
    )


def new_request(context: RuleContext, **values) -> SharingRequest:
    return SharingRequest(
        resource=context.resource,
        owner=context.resource.institution,
        borrower=context.borrower,
        kind=context.resource.kind,
        exclusive=context.resource.units == 1,
        **values,
    )


def columns_of(
    context: RuleContext,
    terms: RequestTerms,
    *,
    by,
    now: datetime,
    findings: Findings | None = None,
) -> dict:
    """The columns that the borrower's terms and the offer's terms fill."""
    offer = context.offer
    return {
        "offer": offer,
        "basket": terms.basket,
        "series": terms.series,
        "priority": terms.priority,
        "purpose": terms.purpose,
        "mode": terms.mode,
        "delivery_site": terms.delivery_site,
        "delivery_place": terms.delivery_place,
        "transport": terms.transport,
        "units": terms.units,
        "starts_at": context.starts_at,
        "ends_at": context.ends_at,
        "blocked_from": context.blocked_from,
        "blocked_until": context.blocked_until,
        "asked_starts_at": context.starts_at,
        "asked_ends_at": context.ends_at,
        "asked_units": terms.units,
        "created_at": now,
        "created_by": by,
        "accepted_findings": _rules.accepted_record(
            terms.accepted, by=by, now=now, findings=findings
        ),
        **agreed_price(offer),
        "recall_notice_hours": offer.recall_notice_hours if offer else 0,
        "agreement_accepted_at": now if terms.agreement_accepted else None,
    }
