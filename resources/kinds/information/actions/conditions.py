"""The conditions and the offer, in one step: what is published has conditions, always."""

from dataclasses import asdict, dataclass
from datetime import datetime

from medshare_portal import audit
from resources.actions import offers
from resources.actions._offered_time import today_at
from resources.actions.offers import OfferTerms
from resources.models import AccessTerms, Offer, Resource


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """The columns of ``AccessTerms`` that the owner fills in."""

    purposes: list[str]
    recipient_roles: list[str]
    legal_bases: list[str]
    max_days: int
    max_looks: int
    retention_days: int
    onward_sharing: str
    deidentification: str
    contract_needed: bool
    agreement_en: str
    agreement_zh: str


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who sees it in the catalogue."""

    visibility: str
    consortia: tuple = ()
    named_institutions: tuple = ()


def publish(
    *,
    resource: Resource,
    conditions: Conditions,
    audience: Audience,
    by,
    now: datetime,
) -> AccessTerms:
    """Offer it under these conditions, or change what is offered.

    Other conditions make a new version; who was granted access before keeps the old one.
    Raises what ``offers.publish`` and ``offers.revise`` raise.
    """
    rows = Resource.objects.owned_by(resource.institution)
    rows.select_for_update(of=("self",)).get(pk=resource.pk)
    present = Offer.objects.owned_by(resource.institution).published()
    present = present.filter(resource=resource).select_related("resource__institution").first()
    terms = OfferTerms(
        starts_on=today_at(resource.site, now),
        visibility=audience.visibility,
        consortia=audience.consortia,
        named_institutions=audience.named_institutions,
    )
    if present is None:
        offers.publish(resource=resource, terms=terms, windows=[], by=by, now=now)
    else:
        offers.revise(offer=present, terms=terms, windows=[], by=by, now=now)
    return set_conditions(resource=resource, conditions=conditions, by=by, now=now)


def set_conditions(*, resource: Resource, conditions: Conditions, by, now: datetime) -> AccessTerms:
    """The version in force: the last one where nothing has changed, else a new one."""
    last = newest(resource)
    values = asdict(conditions)
    if last is not None and all(getattr(last, name) == value for name, value in values.items()):
        return last
    made = AccessTerms.objects.create(
        institution=resource.institution,
        resource=resource,
        number=last.number + 1 if last else 1,
        made_by=by,
        made_at=now,
        **values,
    )
    audit.record(
        chains=[resource.institution.slug],
        by=by,
        action="information.conditions_set",
        obj=resource,
        now=now,
        data={"version": made.number, "changes": _changes(last, made, values)},
    )
    return made


def newest(resource: Resource) -> AccessTerms | None:
    """The conditions in force."""
    return (
        AccessTerms.objects.owned_by(resource.institution)
        .filter(resource=resource)
        .newest_first()
        .first()
    )


def _changes(last: AccessTerms | None, made: AccessTerms, names) -> dict:
    if last is None:
        return {}
    return {
        name: [str(getattr(last, name)), str(getattr(made, name))]
        for name in names
        if getattr(last, name) != getattr(made, name) and not name.startswith("agreement")
    }
