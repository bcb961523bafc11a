"""Equity among the institutions of the city, and how far the data can be trusted."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from medshare_portal.models import Institution
from reports.kpis import quality
from reports.queries.equity_figures import hours_received, shares_of
from reports.queries.kpis.ground import Ground, Made
from reports.queries.scores import balance

# By which codes others find and compare a thing; a kind that is not named needs its category's.
CODES = {
    "equipment": ~Q(equipment__udi_di=""),
    "medicine": ~Q(medicine_lot__gtin="") & ~Q(medicine_lot__atc=""),
}


def figures(ground: Ground) -> Iterator[Made]:
    if ground.of_city:
        yield from _equity(ground)
    else:
        yield Made("received_share", balance(ground.given(), ground.received()))
    yield from _quality(ground)


def _equity(ground: Ground) -> Iterator[Made]:
    narrowed = {"kind": ground.kind} if ground.kind else {}
    institutions = list(Institution.objects.directory().order_by("name_en", "pk"))
    words = {"between": _("between districts"), "within": _("within districts")}
    shares = shares_of(institutions, hours_received(ground.period, **narrowed))
    for code, part, measure in shares.indices():
        yield Made(code, measure, words.get(part, part))


def _quality(ground: Ground) -> Iterator[Made]:
    """As it is now."""
    named = [kind for kind in CODES if ground.shows(kind)]
    coded = Q(category__primary_code__isnull=False) & ~Q(kind__in=named)
    for kind in named:
        coded |= Q(category__primary_code__isnull=False, kind=kind) & CODES[kind]
    since = ground.now - timedelta(days=quality.STALE_DAYS)
    stale = Q(confirmed_at__lt=since) | Q(confirmed_at__isnull=True)
    found = ground.resources.aggregate(
        all=Count("pk"), coded=Count("pk", filter=coded), stale=Count("pk", filter=stale)
    )
    yield Made("coded", quality.coded(found["coded"], found["all"]))
    yield Made("stale", quality.stale(found["stale"], found["all"]))
