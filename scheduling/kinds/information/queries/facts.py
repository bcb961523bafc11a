"""Loads what the rules on information look at."""

from datetime import datetime

from medshare_portal import policy
from medshare_portal.findings import Findings
from medshare_portal.models import Site
from resources.enums import OfferStatus, ResourceStatus
from resources.models import AccessTerms, Offer, Resource
from scheduling.kinds.information.facts import AccessWish
from scheduling.kinds.information.rules import findings_for_wish
from scheduling.models import AccessGrant, SharingRequest, TermsAcceptance

REASON = "rules look at requests that were found through a scope"


def terms_in_force(resource: Resource, institution) -> AccessTerms | None:
    """The newest conditions of a resource that the institution sees."""
    visible = Resource.objects.visible_to(institution).filter(pk=resource.pk)
    return AccessTerms.objects.of_visible(visible).newest_first().first()


def is_offered(resource: Resource) -> bool:
    """A listed resource with a published offer; the caller found it through a scope."""
    published = Offer.objects.owned_by(resource.institution).filter(
        resource=resource, status=OfferStatus.PUBLISHED
    )
    return resource.status == ResourceStatus.LISTED and published.exists()


def has_agreed(terms: AccessTerms | None, user) -> bool:
    """Whether the person agreed to this very version."""
    return terms is not None and TermsAcceptance.objects.of_user(user).filter(terms=terms).exists()


def countries(*institutions) -> dict[int, str]:
    """Where the main sites of institutions stand."""
    rows = Site.objects.directory().filter(institution__in=institutions).order_by("is_main", "-pk")
    return dict(rows.values_list("institution_id", "country"))


def wish_of(
    grant: AccessGrant, sharing_request: SharingRequest, *, now: datetime, **changes
) -> AccessWish:
    """A request as it stands, or with changes, as the rules see it."""
    where = countries(sharing_request.owner, sharing_request.borrower)
    offered = is_offered(sharing_request.resource)
    return _wish(grant, sharing_request, now=now, where=where, offered=offered, **changes)


def _wish(grant, sharing_request, *, now, where: dict[int, str], **values) -> AccessWish:
    known = {
        "resource": sharing_request.resource,
        "terms": grant.terms,
        "borrower": sharing_request.borrower,
        "borrower_country": where.get(sharing_request.borrower_id, ""),
        "owner_country": where.get(sharing_request.owner_id, ""),
        "purpose_of_use": grant.purpose_of_use,
        "legal_basis": grant.legal_basis,
        "recipient_role": grant.recipient_role,
        "scope": tuple(grant.scope),
        "looks": int(sharing_request.quantity),
        "until": grant.valid_until or grant.asked_until,
        "consent_ref": grant.consent_ref,
        "consent_separate": grant.consent_separate,
        "consent_withdrawn": grant.consent_withdrawn_at is not None,
        "assessment_ref": grant.assessment_ref,
        "contract_ref": grant.contract_ref,
        "limits": policy.current().information,
        "now": now,
    }
    return AccessWish(**known | values)


def judge(sharing_requests: list[SharingRequest], now: datetime, *, reader=None) -> list[Findings]:
    """What the rules say of each; four queries however many there are.

    The requests were fetched through a scope: their owners' own are read here.
    """
    keys = [row.pk for row in sharing_requests]
    rows = AccessGrant.objects.everywhere(reason=REASON).filter(sharing_request__in=keys)
    related = ("terms", "sharing_request__resource__information")
    related += ("sharing_request__resource__institution", "sharing_request__borrower")
    grants = {grant.pk: grant for grant in rows.select_related(*related)}
    sides = {key for row in sharing_requests for key in (row.owner_id, row.borrower_id)}
    where = countries(*sides)
    published = Offer.objects.everywhere(reason=REASON).published()
    offered = set(
        published.filter(
            resource__in=[row.resource_id for row in sharing_requests],
            resource__status=ResourceStatus.LISTED,
        ).values_list("resource_id", flat=True)
    )
    return [
        findings_for_wish(
            _wish(
                grants[row.pk],
                grants[row.pk].sharing_request,
                now=now,
                where=where,
                offered=row.resource_id in offered,
            )
        )
        for row in sharing_requests
    ]
