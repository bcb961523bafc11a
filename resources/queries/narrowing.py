"""Which resources the catalogue shows, and what its filters mean.

Everything here works on values and on places for them alike: the list (``queries.finding``) runs
prepared statements, while an export narrows a queryset by the same conditions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, DateTimeField, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from medshare_portal import policy
from medshare_portal.db.among import Among
from medshare_portal.db.prepared import Bind
from resources.distance import squared_km_from
from resources.kinds import CatalogueKind
from resources.models import Resource
from resources.occupancy import offered, taken
from resources.search import also_by_own_marks, holds, spells, terms_of

MOMENT = timedelta(seconds=1)
WEEK = timedelta(days=7)
HORIZON = timedelta(days=400)
WORDS, OWN_WORDS = "words", "own_words"
SPELLED = {WORDS: "spelled", OWN_WORDS: "own_spelled"}  # asked of each row, not of the index


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks and when, as values or as their places in a prepared statement."""

    institution: object
    oldest: object  # an offer confirmed before this is hidden from others
    now: object
    moment: object
    week: object
    horizon: object


def asking(institution, now: datetime) -> Asking:
    return Asking(
        institution=institution.pk,
        oldest=now - timedelta(days=policy.current().offer.hide_after_days),
        now=now,
        moment=now + MOMENT,
        week=now + WEEK,
        horizon=now + HORIZON,
    )


PLACES = Asking(
    institution=Bind("institution", BigIntegerField()),
    **{n: Bind(n, DateTimeField()) for n in ("oldest", "now", "moment", "week", "horizon")},
)


def catalogue(who: Asking, kind: CatalogueKind) -> QuerySet:
    """Resources of a kind: all of our own, and others' that are visible and not stale.

    An offer that its owner has not confirmed for ``offer.hide_after_days`` is hidden from others.
    Most are younger: the condition is worded so that no index is asked for them.
    """
    confirmed = Coalesce("confirmed_at", who.oldest, output_field=DateTimeField())
    return Resource.objects.visible_to(who.institution).filter(
        Q(institution=who.institution) | Q(GreaterThanOrEqual(confirmed, who.oldest)),
        Among("kind", [kind.code]),
    )


def by_freshness() -> tuple:
    """The list's own order: lately confirmed first, what nobody confirmed last."""
    return (F("confirmed_at").desc(nulls_last=True), "pk")


def with_distance(resources: QuerySet, here) -> QuerySet:
    """Adds ``squared_km`` from ``here``, a place or None."""
    km = squared_km_from(here) if here else Value(None, output_field=FloatField())
    return resources.alias(squared_km=km)


def chosen_of(cleaned: dict) -> dict | None:
    """What a reader chose, by filter, as plain values; None where no resource can fit."""
    chosen = {name: value for name, value in cleaned.items() if value not in (None, "")}
    text = chosen.pop("q", "")
    if text and not (terms := terms_of(text)):
        return None
    if text:
        chosen[OWN_WORDS if also_by_own_marks(terms) else WORDS] = tuple(terms)
    if "category" in chosen:
        chosen["category"] = chosen["category"].path
    if "institution" in chosen:
        chosen["institution"] = chosen["institution"].pk
    return chosen


def narrowed(rows: QuerySet, chosen: dict, who: Asking, kind: CatalogueKind, here) -> QuerySet:
    """The rows that fit all that is chosen; ``here`` is where distances are measured from."""
    for name, value in chosen.items():
        if name == "max_km":
            rows = with_distance(rows, here).filter(squared_km__lte=value**2) if here else rows
        elif name == "mode":
            rows = rows.filter(**{f"{kind.detail}__{value}": True})
        else:
            rows = rows.filter(CONDITIONS[name](value, who))
    return rows


def _in_district(value: str, who: Asking) -> Q:
    return Q(institution__district_en=value) | Q(
        institution__district_en="", institution__district_zh=value
    )


def _available(value: str, who: Asking) -> Q:
    if value == "now":
        return offered(who.now, who.moment) & ~taken(who.now, who.moment, now=who.now)
    return offered(who.now, who.week if value == "week" else who.horizon)


def _whose(value: str, who: Asking) -> Q:
    ours = Q(institution=who.institution)
    return {"ours": ours, "others": ~ours}.get(value, Q())


CONDITIONS: dict[str, Callable[[object, Asking], Q]] = {
    WORDS: lambda value, who: holds(value),
    OWN_WORDS: lambda value, who: holds(value, owner=who.institution),
    SPELLED[WORDS]: lambda value, who: spells(value),
    SPELLED[OWN_WORDS]: lambda value, who: spells(value, owner=who.institution),
    "category": lambda value, who: Q(category__path__startswith=value),
    "institution": lambda value, who: Q(institution=value),
    "district": _in_district,
    "available": _available,
    "status": lambda value, who: Q(status=value),
    "scope": _whose,
}
