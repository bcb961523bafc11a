"""Publish, revise, confirm and withdraw offers; each in the caller's transaction.

A revision is a new row: what was booked under the old terms keeps them.  Past offered intervals
stay, because reports count them; only the future is rewritten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, policy
from medshare_portal.findings import Finding, Findings, Severity, collect
from medshare_portal.refusals import Refusal, StaleVersion
from resources.actions import _offered_time as offered_time
from resources.actions._audience import refresh_audience
from resources.enums import AutoApproval, OfferStatus, ResourceStatus, Visibility
from resources.intervals import DayException, Window, overlapping_windows
from resources.kinds import kinds
from resources.models import IdleWindow, Offer, OfferException, Resource


class NotOfferable(Refusal):
    """Rules forbid to offer the resource; the findings say which."""

    message = _("This cannot be offered yet.")
    status = 422


class AlreadyOffered(Refusal):
    message = _("This is already offered. Change the offer instead.")


class OfferEnded(Refusal):
    """The offer was withdrawn or replaced in the meantime."""

    message = _("This offer is no longer in force. Look at the resource again.")


class NoWindows(Refusal):
    message = _("Enter at least one time in which it is idle.")
    status = 422


class WindowsOverlap(Refusal):
    message = _("Two of the windows overlap.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """The columns of an offer that the owner fills in, and whom a limited offer addresses."""

    starts_on: date
    ends_on: date | None = None
    notice_hours: int = 4
    max_loan_hours: int = 168
    setup_minutes: int = 0
    transport_minutes: int = 30
    cleaning_minutes: int = 60
    recall_notice_hours: int = 24
    visibility: str = Visibility.ALL
    auto_approval: str = AutoApproval.NEVER
    auto_approval_max_hours: int = 72
    fee_per_hour: Decimal = Decimal(0)
    fee_per_shift: Decimal | None = None
    currency: str = "CNY"
    conditions: str = ""
    reserve_percent: int = 0
    quantity: int | None = None  # of kinds that are given by number
    consortia: tuple = field(default=())
    named_institutions: tuple = field(default=())

    def columns(self) -> dict:
        """What goes into the offer's own row."""
        return {
            name: value
            for name, value in vars(self).items()
            if name not in {"consortia", "named_institutions"}
        }


def findings_for_offer(resource) -> Findings:
    """All that the kind's rules say against offering a resource."""
    return collect(kinds[resource.kind].offer_rules, resource)


def publish(
    *,
    resource,
    terms: OfferTerms,
    windows: list[Window],
    by,
    now: datetime,
    exceptions: Iterable[DayException] = (),
) -> Offer:
    """Offer a resource for the first time, or again after a withdrawal."""
    resource = _locked(resource)
    if Offer.objects.owned_by(resource.institution).published().filter(resource=resource).exists():
        raise AlreadyOffered
    offer = _publish(resource, terms, windows, exceptions, by, now)
    _record(offer, "offer.published", by, now)
    return offer


def revise(
    *,
    offer,
    terms: OfferTerms,
    windows: list[Window],
    by,
    now: datetime,
    exceptions: Iterable[DayException] = (),
) -> Offer:
    """Replace the published offer by one with other terms; bookings keep the old ones."""
    resource = _locked(offer.resource)
    old = _in_force(offer, resource)
    offered_time.end_at(old, now)
    old.status = OfferStatus.WITHDRAWN
    old.save(update_fields=["status"])
    new = _publish(resource, terms, windows, exceptions, by, now)
    _record(new, "offer.revised", by, now, {"replaces": old.pk} | _changes(old, new))
    return new


def confirm(*, institution, offers: Iterable[Offer], by, now: datetime) -> int:
    """Say that offers are still true; returns how many were confirmed."""
    ids = [offer.pk for offer in offers]
    rows = Offer.objects.owned_by(institution).published().filter(pk__in=ids)
    confirmed = list(rows.select_related("resource").order_by("resource_id"))
    for offer in confirmed:
        resource = _locked(offer.resource)
        offer.confirmed_at, offer.confirmed_by = now, by
        offer.save(update_fields=["confirmed_at", "confirmed_by"])
        resource.confirmed_at = now
        resource.save(update_fields=["confirmed_at", "updated_at"])
    for offer in confirmed:
        _record(offer, "offer.confirmed", by, now)
    return len(confirmed)


def withdraw(*, offer, by, now: datetime) -> Offer:
    """Take an offer back.  Bookings stay as they are; the resource is paused."""
    resource = _locked(offer.resource)
    offer = _in_force(offer, resource)
    offered_time.end_at(offer, now)
    offer.status = OfferStatus.WITHDRAWN
    offer.save(update_fields=["status"])
    resource.status, resource.visibility = ResourceStatus.PAUSED, Visibility.PRIVATE
    resource.confirmed_at = None
    resource.version += 1
    resource.save(update_fields=["status", "visibility", "confirmed_at", "version", "updated_at"])
    refresh_audience(resource=resource, offer=None, today=offered_time.today_at(resource.site, now))
    _record(offer, "offer.withdrawn", by, now)
    return offer


def extend_horizon(now: datetime, *, only: int | None = None) -> int:
    """Write the offered time of published offers up to the horizon; returns offers changed.

    ``only`` is the key of one offer, for callers that keep their transactions short.
    """
    soon = now + timedelta(days=policy.current().offer.horizon_days - 1)
    rows = Offer.objects.everywhere(reason="the system's own moves").published()
    due = rows.filter(expanded_until__lt=soon).select_related("resource__institution")
    due = due.filter(pk=only) if only is not None else due
    changed = 0
    for offer in due.order_by("resource_id"):
        resource = _locked(offer.resource)
        fresh = Offer.objects.owned_by(resource.institution).get(pk=offer.pk)
        if fresh.status == OfferStatus.PUBLISHED:
            changed += offered_time.write(fresh, resource.site, now)
    return changed


def _publish(resource, terms, windows, exceptions, by, now) -> Offer:
    _check(resource, windows)
    offer = Offer.objects.create(
        institution=resource.institution,
        resource=resource,
        status=OfferStatus.PUBLISHED,
        confirmed_at=now,
        confirmed_by=by,
        published_at=now,
        **terms.columns(),
    )
    offer.consortia.set(terms.consortia)
    offer.named_institutions.set(terms.named_institutions)
    IdleWindow.objects.bulk_create(
        IdleWindow(offer=offer, weekday=window.weekday, starts=window.starts, ends=window.ends)
        for window in windows
    )
    OfferException.objects.bulk_create(
        OfferException(offer=offer, day=entry.day, starts=entry.starts, ends=entry.ends)
        for entry in exceptions
    )
    offered_time.write(offer, resource.site, now)
    resource.status, resource.visibility = ResourceStatus.LISTED, terms.visibility
    resource.confirmed_at = now
    resource.version += 1
    resource.save(update_fields=["status", "visibility", "confirmed_at", "version", "updated_at"])
    today = offered_time.today_at(resource.site, now)
    refresh_audience(resource=resource, offer=offer, today=today)
    return offer


def _check(resource, windows) -> None:
    """Raises NoWindows, WindowsOverlap or NotOfferable."""
    if kinds[resource.kind].timed and not windows:
        raise NoWindows
    if overlapping_windows(windows):
        raise WindowsOverlap
    findings = findings_for_offer(resource)
    if resource.status == ResourceStatus.RETIRED:
        raise NotOfferable(_("A retired resource is not offered."))
    if findings.blocks:
        raise NotOfferable(findings=findings)


def _locked(resource) -> Resource:
    """The resource as it is now, under lock, with what rules and expansion read."""
    rows = Resource.objects.owned_by(resource.institution)
    rows.select_for_update(of=("self",)).get(pk=resource.pk)
    return rows.select_related(
        "institution",
        "site",
        "category",
        *kinds[resource.kind].list_related,
        kinds[resource.kind].detail,
    ).get(pk=resource.pk)


def _in_force(offer, resource) -> Offer:
    rows = Offer.objects.owned_by(resource.institution).published()
    found = rows.filter(pk=offer.pk).first()
    if found is None:
        present = rows.filter(resource=resource).first()
        raise StaleVersion(findings=_present_terms(offer, present)) if present else OfferEnded
    return found


def _present_terms(old: Offer, present: Offer) -> Findings:
    """What is different now from the offer that somebody had opened (GEN-08)."""
    return Findings(
        Finding(
            code="GEN-08",
            severity=Severity.INFO,
            message=_("Now in force: %(term)s %(value)s"),
            params={
                "term": Offer._meta.get_field(name).verbose_name,
                "value": getattr(present, f"get_{name}_display", lambda value=now: value)(),
            },
        )
        for name, (_before, now) in _changes(old, present)["changes"].items()
    )


def _changes(old: Offer, new: Offer) -> dict:
    """The terms that a revision changed, as text: column → [before, after]."""
    names = [name for name in OfferTerms.__dataclass_fields__ if hasattr(Offer, name)]
    names = [name for name in names if not Offer._meta.get_field(name).many_to_many]
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in names}
    changed = {name: [str(a), str(b)] for name, (a, b) in pairs.items() if a != b}
    return {"changes": changed}


def _record(offer: Offer, action: str, by, now: datetime, data: dict | None = None) -> None:
    resource = offer.resource
    audit.record(
        chains=[resource.institution.slug],
        by=by,
        action=action,
        obj=offer,
        now=now,
        data={"resource": resource.pk, "visibility": offer.visibility} | (data or {}),
        label=f"{resource.name} ({resource.code})",
    )
