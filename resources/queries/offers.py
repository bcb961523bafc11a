"""What the offer pages read."""

from datetime import datetime, timedelta

from medshare_portal import policy
from resources.kinds import FEES, kinds
from resources.models import Offer
from resources.queries.low_use import propose_windows

CARRIED_OVER = (
    "notice_hours",
    "max_loan_hours",
    "setup_minutes",
    "transport_minutes",
    "cleaning_minutes",
    "recall_notice_hours",
    "visibility",
    "auto_approval",
    "auto_approval_max_hours",
    "currency",
)


def own_offers(institution):
    """The published offers of an institution, the one confirmed longest ago first."""
    rows = Offer.objects.owned_by(institution).published()
    return rows.select_related("resource__category", "resource__site", "confirmed_by").order_by(
        "confirmed_at", "pk"
    )


def confirmed_lately(now: datetime) -> datetime:
    """An offer confirmed before this is due for its owner's word (``offer.confirm_after_days``)."""
    return now - timedelta(days=policy.current().offer.confirm_after_days)


def unconfirmed(institution, oldest):
    """Own offers that were confirmed before; the arguments may be places for values."""
    return own_offers(institution).filter(confirmed_at__lt=oldest)


def to_confirm(institution, now: datetime):
    """Own offers that are due for confirmation."""
    return unconfirmed(institution, confirmed_lately(now))


def freshness(offer, now: datetime) -> str:
    """``ok``, ``warn`` (confirm it), ``late`` (ranks low) or ``bad`` (hidden from others)."""
    limits = policy.current().offer
    age = now - offer.confirmed_at
    if age > timedelta(days=limits.hide_after_days):
        return "bad"
    if age > timedelta(days=limits.rank_down_after_days):
        return "late"
    return "warn" if age > timedelta(days=limits.confirm_after_days) else "ok"


def proposal(resource, *, now: datetime) -> tuple[dict, list, bool]:
    """(terms, windows, whether the windows come from history) for a first offer.

    The terms are those of this resource's last offer, else of the institution's last one for the
    same kind, else the kind's own.
    """
    own = Offer.objects.owned_by(resource.institution).prefetch_related(
        "consortia", "named_institutions"
    )
    alike = own.filter(resource__kind=resource.kind).order_by("-pk")
    last = own.filter(resource=resource).order_by("-pk").first() or alike.first()
    terms = terms_of(last) if last else dict(kinds[resource.kind].offer_terms)
    windows, from_history = propose_windows(resource, now=now)
    return terms, windows, from_history


def terms_of(offer: Offer) -> dict:
    """The terms that another offer may take over."""
    values = {name: getattr(offer, name) for name in CARRIED_OVER}
    return values | {
        "consortia": list(offer.consortia.all()),
        "named_institutions": list(offer.named_institutions.all()),
    }


def all_terms_of(offer: Offer) -> dict:
    """Everything that the form of an offer shows, besides windows and exceptions."""
    own = ("starts_on", "ends_on", *FEES, "reserve_percent", "conditions")
    return terms_of(offer) | {name: getattr(offer, name) for name in own}
