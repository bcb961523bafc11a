"""Work out the forecasts of the night: every institution once, in turn.

What an institution had is replaced as a whole in one transaction, so the job may run twice at once
and stop anywhere; a run takes a bounded number of institutions.
"""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from medshare_portal.models import Institution
from reports.kinds import ahead
from reports.models import Forecast, ForecastNight
from reports.queries.home import zone_of
from resources.intervals import instant_of

logger = logging.getLogger(__name__)
AT_ONCE = 20
NIGHT = time(1)  # by the clock of the institution's main site
KEY = ("institution", "kind", "category", "subject")
KEPT = [
    field.name for field in Forecast._meta.concrete_fields if field.name not in ("id", *KEY)
]  # fmt: skip


def compute_due(*, now: datetime, zone: ZoneInfo) -> int:
    """Those whose forecasts are older than the last night of ``zone``; returns how many."""
    done = 0
    for institution in _due(last_night(now, zone)):
        try:
            compute(institution=institution, now=now)
        except Exception:  # one institution's rows must not keep the others waiting
            logger.exception("forecasts of %s failed", institution.slug)
            _mark(institution, now, 0)
        done += 1
    return done


def last_night(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    day = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
    return instant_of(datetime.combine(day, NIGHT), zone)


def _due(night: datetime) -> list[Institution]:
    none, old = Q(forecast_night=None), Q(forecast_night__computed_at__lt=night)
    rows = Institution.objects.directory().filter(none | old)
    longest_ago = F("forecast_night__computed_at").asc(nulls_first=True)
    return list(rows.order_by(longest_ago, "pk")[:AT_ONCE])


def compute(*, institution: Institution, now: datetime) -> int:
    """Replace the forecasts of an institution; returns how many there are."""
    zone = zone_of(institution)
    rows = [row for kind in ahead for row in kind.foresee(institution, now, zone)]
    with transaction.atomic():
        _mark(institution, now, len(rows))
        Forecast.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=KEY, update_fields=KEPT
        )
        Forecast.objects.owned_by(institution).exclude(computed_at=now).delete()
    return len(rows)


def _mark(institution: Institution, now: datetime, forecasts: int) -> None:
    """First in the transaction: who works out the same institution waits here."""
    ForecastNight.objects.bulk_create(
        [ForecastNight(institution=institution, computed_at=now, forecasts=forecasts)],
        update_conflicts=True,
        unique_fields=["institution"],
        update_fields=["computed_at", "forecasts"],
    )
