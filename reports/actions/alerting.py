"""Each morning what is beyond its limit becomes an alert; what is not any more is none.

People are told when an alert begins, and again when it is clearly worse than when they were told
last: by a tenth of the limit, at least by two.
"""

import logging
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from medshare_portal import audit
from medshare_portal.models import AuditEvent, Institution, User
from medshare_portal.notices import keys_of_people_with, queue_for
from medshare_portal.roles import Permission
from reports.models import Alert, AlertCheck, AlertLimits, AlertSort
from reports.notices_alerts import NOTICES
from reports.queries.alerts import WATCHED, beyond, limits_of

logger = logging.getLogger(__name__)
MORNING = time(6)  # by the clock of the city, before the daily digest
AT_ONCE = 100
CLEARLY = Decimal(2)


@transaction.atomic
def set_limits(*, institution: Institution | None, values: dict, by: User, now: datetime) -> None:
    """Of an institution, which is looked at at once; or the city's, for all that have none."""
    before = _own(institution).first()
    row, _made = _own(institution).update_or_create(
        institution=institution, defaults=values | {"changed_at": now}
    )
    if institution is not None:
        check(institution, now=now)
    changes = {sort: [getattr(before, sort, None), values[sort]] for sort in AlertSort.values}
    _record("figures.limits_set", institution, row, changes, by, now)


@transaction.atomic
def follow_city(*, institution: Institution, by: User, now: datetime) -> None:
    """Its own limits are gone; the city's hold from now on."""
    row = _own(institution).select_for_update().first()
    if row is None:
        return
    changes = {sort: getattr(row, sort) for sort in AlertSort.values}
    _own(institution).filter(pk=row.pk).delete()
    check(institution, now=now)
    _record("figures.limits_left", institution, row, changes, by, now)


def check_due(*, now: datetime) -> int:
    """From six in the morning on, each institution once a day, some at a time; returns how many
    alerts were told."""
    local = _in_city(now)
    if local.time() < MORNING:
        return 0
    waiting = ~Q(alert_check__day__gte=local.date())
    houses = Institution.objects.directory().filter(waiting).order_by("pk")[:AT_ONCE]
    return sum(_check_safely(house, local.date(), now) for house in houses)


def _in_city(now: datetime) -> datetime:
    return timezone.localtime(now, timezone.get_default_timezone())


def _check_safely(institution: Institution, day: date, now: datetime) -> int:
    """One institution's rows must not keep the others waiting."""
    try:
        return check(institution, now=now, day=day)
    except Exception:
        logger.exception("alerts of %s failed", institution.slug)
        AlertCheck.objects.owned_by(institution).update_or_create(
            institution=institution, defaults={"day": day}
        )
        return 0


@transaction.atomic
def check(institution: Institution, *, now: datetime, day: date | None = None) -> int:
    """Under the lock of the institution's check; with ``day`` only once on it.  Returns how many
    alerts were told."""
    rows = AlertCheck.objects.owned_by(institution)
    rows.get_or_create(institution=institution)
    last = rows.select_for_update().get()
    if day is not None and last.day is not None and last.day >= day:
        return 0
    rows.update(day=day or last.day, checked_at=now)
    found = beyond(institution, limits_of(institution), now=now)
    alerts = Alert.objects.owned_by(institution)
    alerts.exclude(sort__in=found).delete()
    known = {row.sort: row for row in alerts}
    return sum(
        _keep(institution, sort, figure, limit, known.get(sort), now)
        for sort, (figure, limit) in found.items()
    )


def _keep(
    institution: Institution, sort: str, figure: Decimal, limit: int, row: Alert | None, now
) -> bool:
    tell = row is None or _clearly_worse(sort, figure, row.told, limit)
    values = {"figure": figure, "limit": limit, "told": figure if tell else row.told}
    begins = {"since": _in_city(now).date()} if row is None else {}
    Alert.objects.owned_by(institution).update_or_create(
        institution=institution, sort=sort, defaults=values | begins
    )
    if tell:
        _tell(institution, sort, figure, limit, now)
    return tell


def _clearly_worse(sort: str, figure: Decimal, told: Decimal, limit: int) -> bool:
    return WATCHED[sort].worse_by(figure, told) >= max(CLEARLY, Decimal(limit) / 10)


def _tell(institution: Institution, sort: str, figure: Decimal, limit: int, now: datetime) -> None:
    queue_for(
        NOTICES[sort],
        people=keys_of_people_with(Permission.SET_LIMITS, institution),
        institution=institution,
        event_key=f"alert:{institution.pk}:{sort}:{now:%Y%m%d%H%M%S}",
        context={
            "where_en": institution.name_en,
            "where_zh": institution.name_zh,
            "figure": f"{figure.normalize():f}",
            "limit": str(limit),
        },
        now=now,
    )


def _own(institution: Institution | None):
    if institution is None:
        return AlertLimits.objects.in_city_view()
    return AlertLimits.objects.owned_by(institution)


def _record(action: str, institution, row: AlertLimits, data: dict, by: User, now) -> None:
    chain = institution.slug if institution else AuditEvent.CITY
    audit.record(chains=[chain], by=by, action=action, obj=row, now=now, data=data, label=str(row))
