"""Equity among the institutions of the city, and how far the data can be trusted."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import gettext as _

from medshare_portal.models import Institution
from reports.kpis import quality
from reports.queries import quality as trusted
from reports.queries.equity_figures import Shares, hours_received, hours_shown, shares_of
from reports.queries.few_people import houses_of_few
from reports.queries.kpis.ground import Ground, Made
from reports.queries.scores import balance
from resources.kinds import kinds_of_people


def figures(ground: Ground) -> Iterator[Made]:
    if ground.of_city:
        yield from _equity(ground)
    else:
        yield Made("received_share", balance(ground.given(), ground.received()))
    yield from _quality(ground)


def _equity(ground: Ground) -> Iterator[Made]:
    words = {"between": _("between districts"), "within": _("within districts")}
    shares = _shares(ground)
    for code, part, measure in shares.indices():
        yield Made(code, measure, words.get(part, part))


def _shares(ground: Ground) -> Shares:
    """As on the overview and the page of equity: officials read nothing of a few people."""
    narrowed = {"kind": ground.kind} if ground.kind else {}
    institutions = list(Institution.objects.directory().order_by("name_en", "pk"))
    hours = hours_received(ground.period, **narrowed)
    if ground.official and ground.kind in kinds_of_people():
        few = houses_of_few(ground.period)
        institutions = [row for row in institutions if row.pk not in few]
    elif ground.official and not ground.kind:
        hours = hours_shown(hours, ground.period)
    return shares_of(institutions, hours)


def _quality(ground: Ground) -> Iterator[Made]:
    """As it is now."""
    coded = trusted.coded(kind for kind in trusted.CODES if ground.shows(kind))
    found = ground.resources.aggregate(
        all=Count("pk"),
        coded=Count("pk", filter=coded),
        stale=Count("pk", filter=trusted.stale(ground.now)),
    )
    yield Made("coded", quality.coded(found["coded"], found["all"]))
    yield Made("stale", quality.stale(found["stale"], found["all"]))
