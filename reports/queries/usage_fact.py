"""The fact of use that an ended request becomes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from medshare_portal.memberships import main_sites
from medshare_portal.models import Institution, Site
from medshare_portal.money import TooLarge, amount_of
from medshare_portal.site_hours import Calendars
from reports.models import UsageFact
from reports.outcomes import outcome_of
from resources.distance import between_sites
from scheduling.deadlines import Step, after, allowed
from scheduling.kinds import kinds, zone_of
from scheduling.models import SharingRequest
from scheduling.states import CancelReason, Side, State

REASON = "facts of use are the city's; written by the system"
RELATED = (
    "owner", "borrower", "delivery_site", "resource__site", "resource__category",
)  # fmt: skip


@dataclass(frozen=True)
class Around:
    """What a fact needs beside its request: working hours, and the main site of a borrower."""

    calendars: Calendars
    home: Callable[[Institution], Site | None]


def related() -> tuple[str, ...]:
    """Relations that the kinds' own measures follow; left out where a request has none."""
    paths = {path for kind in kinds for path in (*kind.charge_related, *kind.goods_related)}
    return (*RELATED, *sorted(paths))


def around_one(row: SharingRequest) -> Around:
    return Around(
        calendars=Calendars(row.submitted_at),
        home=lambda institution: main_sites(institution).first(),
    )


def around_all() -> Around:
    """For many, whenever they were sent."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(submitted_at__isnull=False)
    earliest = rows.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    sites = Site.objects.everywhere(reason=REASON).filter(active=True).order_by("is_main", "-pk")
    homes = {site.institution_id: site for site in sites}
    return Around(
        calendars=Calendars(earliest) if earliest else None,
        home=lambda institution: homes.get(institution.pk),
    )


def fact_of(row: SharingRequest, *, side: str | None, around: Around, now: datetime) -> UsageFact:
    """``row`` with ``related()`` and its ``time_changes``; ``side`` ended it, if that is known."""
    return UsageFact(**values_of(row, side=side, around=around, now=now))


def values_of(row: SharingRequest, *, side: str | None, around: Around, now: datetime) -> dict:
    """The same as values of its fields; those that are not there have their defaults."""
    return {
        "request_key": row.pk,
        "reference": row.reference,
        "kind": row.kind,
        "state": row.state,
        "outcome": outcome_of(row),
        "reason_code": row.decision_code,
        "ended_side": side or _side_of(row),
        "priority": row.priority,
        "mode": row.mode,
        "automatic": row.decided_automatically,
        "in_crisis": row.crisis_id is not None,
        "warnings_passed": len(row.accepted_findings),
        "exceptions_made": sum(bool(entry.get("exception")) for entry in row.accepted_findings),
        "recorded_at": now,
        **_names(row),
        **_times(row, around),
        **_amounts(row),
        **_charge(row),
    }


def _side_of(row: SharingRequest) -> str:
    """Of what was ended before its steps were logged."""
    if row.state == State.CANCELLED:
        return Side.OWNER if row.decision_code in CancelReason.OF_OWNER else Side.BORROWER
    return {State.WITHDRAWN: Side.BORROWER, State.LAPSED: Side.SYSTEM}.get(
        State(row.state), Side.OWNER
    )


def _names(row: SharingRequest) -> dict:
    resource, category = row.resource, row.resource.category
    return {
        **_institution("owner", row.owner),
        **_institution("borrower", row.borrower),
        "resource_key": resource.pk,
        "resource_en": resource.name_en,
        "resource_zh": resource.name_zh,
        "resource_units": resource.units,
        "category_code": category.slug,
        "category_path": category.path,
        "category_en": category.name_en,
        "category_zh": category.name_zh,
    }


def _institution(side: str, institution: Institution) -> dict:
    return {
        f"{side}_key": institution.pk,
        f"{side}_en": institution.name_en,
        f"{side}_zh": institution.name_zh,
        f"{side}_level": institution.hospital_level,
        f"{side}_district_en": institution.district_en,
        f"{side}_district_zh": institution.district_zh,
    }


def _times(row: SharingRequest, around: Around) -> dict:
    site = row.resource.site
    due = after(
        row.submitted_at,
        allowed(Step.ANSWER, row.priority),
        site=site,
        priority=row.priority,
        calendars=around.calendars,
    )
    return {
        "asked_starts_at": row.asked_starts_at,
        "asked_ends_at": row.asked_ends_at,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "blocked_from": row.blocked_from,
        "blocked_until": row.blocked_until,
        "used_from": row.actual_starts_at,
        "used_until": row.actual_ends_at,
        "submitted_at": row.submitted_at,
        "answer_due_at": due,
        "decided_at": row.decided_at,
        "ended_at": row.ended_at,
        "answer_seconds": _seconds(row.submitted_at, row.decided_at),
        "start_seconds": _seconds(row.submitted_at, row.actual_starts_at),
        "distance_km": _distance(row, around),
        **_days(row),
    }


def _seconds(first: datetime, last: datetime | None) -> int | None:
    return None if last is None else int((last - first).total_seconds())


def _distance(row: SharingRequest, around: Around) -> float | None:
    to = row.delivery_site or around.home(row.borrower)
    return None if to is None else round(between_sites(row.resource.site, to), 3)


def _days(row: SharingRequest) -> dict:
    """From the first day to the last of what counts: sent, ended, used, and what was agreed of
    what was used."""
    zone = ZoneInfo(zone_of(row))
    moments = [row.submitted_at, row.ended_at, row.actual_starts_at, row.actual_ends_at]
    if row.state in (State.CLOSED, State.NO_SHOW):
        moments += [row.starts_at, row.ends_at]
    days = [_day(moment, zone) for moment in moments if moment]
    return {"time_zone": zone.key, "first_day": min(days), "last_day": max(days)}


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _amounts(row: SharingRequest) -> dict:
    amounts = {
        "asked_units": row.asked_units,
        "units": row.units,
        "asked_quantity": row.asked_quantity,
        "quantity": row.quantity,
    }
    measure = kinds[row.kind].goods
    goods = measure(row) if measure is not None else None
    if goods is None:
        return amounts
    return amounts | {
        "accepted": goods.accepted,
        "rejected": goods.rejected,
        "lost": goods.lost,
        "unit_value": goods.unit_value,
        "rescued": goods.rescued,
    }


def _charge(row: SharingRequest) -> dict:
    """By the kind's own measure, as settlement charges it; without one what it has is money's
    name."""
    charge = kinds[row.kind].charge(row) if row.state == State.CLOSED else None
    if charge is None:
        return {"currency": row.currency}
    try:
        amount = amount_of(charge.quantity, charge.price, charge.currency)
    except TooLarge:
        return {"currency": charge.currency}
    return {
        "charge_unit": charge.unit,
        "charge_quantity": charge.quantity,
        "charge_price": charge.price,
        "charge_amount": amount,
        "currency": charge.currency,
    }
