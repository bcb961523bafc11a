"""Stored forecasts: how they are made of what was worked out, and which of them warn."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db.models import BigIntegerField, Count, Max, Q

from medshare_portal.bilingual import localised
from medshare_portal.db.prepared import Bind, Prepared
from reports import forecast as leaf
from reports.models import Forecast
from reports.warned import Warned

SHOWN = 4
SHOWN_IN_CITY = 8
HERE = Bind("here", BigIntegerField())


def stored(
    made: leaf.Forecast,
    *,
    institution,
    category,
    first_day: date,
    known_days: int,
    now: datetime,
    until: datetime,
    **fields,
) -> Forecast:
    """An unsaved row of what was worked out; ``until`` is where the inputs end."""
    trial = made.backtest
    usable = trial is not None and np.isfinite(trial.mase)
    row = Forecast(
        institution=institution,
        kind=category.kind,
        category=category,
        name_en=category.name_en,
        name_zh=category.name_zh,
        method=made.method,
        known_days=known_days,
        mase=trial.mase if usable else None,
        naive_mase=trial.naive if usable else None,
        coverage=trial.coverage if usable else None,
        tried_steps=trial.steps if usable else 0,
        first_day=first_day,
        inputs_until=until,
        computed_at=now,
    )
    take(row, made.expected, made.low, made.high)
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def take(row: Forecast, expected, low, high) -> None:
    """Values that JSON can hold; a band that is not there is empty."""
    for name, values in (("expected", expected), ("low", low), ("high", high)):
        setattr(row, name, [] if values is None else np.round(values, 3).tolist())


def warn(row: Forecast, warned: Warned, severity: float, **figures) -> None:
    row.warned, row.figures = warned, figures
    row.severity = int(min(max(severity, 1), 100))


def warn_not(row: Forecast) -> None:
    row.warned, row.figures, row.severity = Warned.NOTHING, {}, 0


_WARNINGS = Prepared(
    lambda: (
        Forecast.objects.owned_by(HERE)
        .warning()
        .defer("expected", "low", "high")
        .order_by("-severity", "pk")[:SHOWN]
    )
)


def warnings_of(institution) -> list[Forecast]:
    """The most severe ones, without their values.  One statement."""
    return _WARNINGS.instances(here=institution.pk)


@dataclass(frozen=True, kw_only=True)
class CityLine:
    """Of one series of the city: how many institutions will lack it, how many have too much."""

    kind: str
    name: str
    short: int
    over: int


class _Names:
    def __init__(self, row: dict):
        self.name_en, self.name_zh = row["name_en"], row["name_zh"]


def city_lines(kinds: list[str]) -> list[CityLine]:
    """What most institutions lack, the most severe first; nobody is named.  One statement."""
    rows = (
        Forecast.objects.in_city_view()
        .warning()
        .filter(kind__in=kinds)
        .values("kind", "category", "subject", "name_en", "name_zh")
        .annotate(
            short=Count("pk", filter=Q(warned=Warned.SHORTAGE)),
            over=Count("pk", filter=Q(warned=Warned.SURPLUS)),
            worst=Max("severity"),
        )
        .order_by("-short", "-worst", "name_en", "kind", "category", "subject")[:SHOWN_IN_CITY]
    )
    return [
        CityLine(
            kind=row["kind"],
            name=localised(_Names(row)),
            short=row["short"],
            over=row["over"],
        )
        for row in rows
    ]


def of_institution(institution, kind: str):
    """Forecasts of a kind, the warning ones first."""
    rows = Forecast.objects.owned_by(institution).filter(kind=kind).select_related("category")
    return rows.order_by("-severity", "name_en", "pk")
