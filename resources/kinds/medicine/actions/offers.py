"""Offer packs of lots: many at once, all or none; each offer is one of the portal's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal import policy
from medshare_portal.refusals import Refusal
from resources.actions import offers
from resources.enums import Visibility
from resources.kinds.medicine.actions.ledger import locked
from resources.kinds.medicine.queries.facts import findings_against_offering
from resources.kinds.medicine.usability import day_at
from resources.models import MedicineLot, Offer


class LotsRefused(Refusal):
    """``by_lot`` says of each refused lot what stands against it; nothing was published."""

    message = _("Nothing was published. See what stands against the marked lots.")
    status = 422

    def __init__(self, by_lot: dict[int, list[str]]):
        super().__init__()
        self.by_lot = by_lot


@dataclass(frozen=True, kw_only=True)
class Audience:
    """To whom the lots are offered."""

    visibility: str = Visibility.ALL
    consortia: tuple = field(default=())
    named_institutions: tuple = field(default=())


def offer_lots(
    *,
    lines: Iterable[tuple[MedicineLot, int]],
    audience: Audience,
    recalls_checked: bool,
    by,
    now: datetime,
) -> list[Offer]:
    """Publish (lot, packs) each as an offer; one that exists is replaced.

    ``recalls_checked`` is the pharmacist's word that the authority's notices were looked at today.
    Raises LotsRefused.
    """
    refused: dict[int, list[str]] = {}
    ready = []
    for lot, packs in sorted(lines, key=lambda line: line[0].pk):
        fresh = locked(lot)
        if recalls_checked:
            fresh.recall_checked_at = now
        problems = problems_of(fresh, packs, now)
        if problems:
            refused[lot.pk] = problems
        ready.append((fresh, packs))
    if refused:
        raise LotsRefused(refused)
    return [_publish(lot, packs, audience, by, now) for lot, packs in ready]


def problems_of(lot: MedicineLot, packs: int, now: datetime) -> list[str]:
    """Why so many packs of the lot cannot be offered."""
    problems = [finding.text for finding in findings_against_offering([lot], now)[lot.pk].blocks]
    if packs > lot.free:
        message = _("There are only %(free)s free packs of this lot.")
        problems.append(str(message) % {"free": lot.free})
    return problems


def _publish(lot: MedicineLot, packs: int, audience: Audience, by, now: datetime) -> Offer:
    lot.identity_fixed = True
    lot.save(update_fields=["identity_fixed", "recall_checked_at"])
    terms = offers.OfferTerms(
        starts_on=day_at(now, lot.resource.site.time_zone),
        ends_on=last_day(lot),
        notice_hours=0,
        setup_minutes=0,
        transport_minutes=0,
        cleaning_minutes=0,
        currency=lot.currency,
        quantity=packs,
        **vars(audience),
    )
    published = Offer.objects.owned_by(lot.institution).published().filter(resource=lot.pk)
    old = published.select_related("resource__institution").first()
    if old is not None:
        return offers.revise(offer=old, terms=terms, windows=[], by=by, now=now)
    return offers.publish(resource=lot.resource, terms=terms, windows=[], by=by, now=now)


def last_day(lot: MedicineLot):
    """The last day on which a receiver would still get it with enough days left."""
    limits = policy.current().medicine
    floor = max(limits.floor_days, lot.min_days_at_receipt)
    return lot.expiry_date - timedelta(days=floor + limits.transit_days)
