"""The keys of what fits the catalogue's filters, in order, without sorting all that fits.

First up to COUNTED of them are taken in no order, and those are sorted.  If there are no more, that
is the list: the index of the words, or of an institution, finds the few.  If there are more, what
fits is common, and the freshest that fit stand among the freshest of all: those are looked through
from the top, in windows of a fixed size, until the page is full.  What was common the last time is
looked for there at once, if it still is common; nothing else is kept between requests.

Prepared statements, kept per shape: which filters are chosen and what the page is sorted by.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial

from django.db.models import Exists, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from medshare_portal.db.among import OneOf
from medshare_portal.db.prepared import Prepared
from medshare_portal.long_lists import MOST, MoreKeys
from resources.kinds import CatalogueKind, kinds
from resources.models import Resource
from resources.queries.narrowing import (
    OWN_WORDS,
    PLACES,
    SPELLED,
    WORDS,
    asking,
    by_freshness,
    catalogue,
    chosen_of,
    narrowed,
    with_distance,
)
from resources.search import Spelling, Terms

COUNTED = 500
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
WINDOWS = (600, 6000)  # how many of the freshest are looked through, at the first and second try
SHAPES_KEPT = 300
KEYS = "keys only; who may see their rows is asked in the same statement"


@dataclass(frozen=True)
class Shape:
    """What the text of the statements depends on.  ``here`` is set where distances count."""

    kind: str
    chosen: tuple
    words: str = ""  # WORDS, OWN_WORDS or nothing
    terms: int = 0
    order: tuple[str, ...] = ()
    here: object = None

    def narrowed(self, *, by_index: bool = True) -> QuerySet:
        """What fits; the words are looked for by the index, or else in each row."""
        chosen = dict(self.chosen)
        if self.words and by_index:
            chosen[self.words] = Terms("terms")
        elif self.words:
            chosen[SPELLED[self.words]] = Spelling("terms", self.terms)
        catalogued = catalogue(PLACES, kinds[self.kind])
        return narrowed(catalogued, chosen, PLACES, kinds[self.kind], self.here)


def found_keys(
    cleaned: dict,
    order: tuple[str, ...],
    *,
    institution,
    kind: CatalogueKind,
    here,
    now: datetime,
    until: int,
) -> list[int] | MoreKeys:
    """The keys of the first MOST that fit, in this order or else by freshness.

    ``until`` is the last row that the page shows: beyond COUNTED rows more are counted.
    """
    chosen = chosen_of(cleaned)
    if chosen is None:
        return []
    words = next((name for name in (WORDS, OWN_WORDS) if name in chosen), "")
    terms = chosen.pop(words, ())
    far = "max_km" in chosen or any("squared_km" in name for name in order)
    shape = Shape(kind.code, tuple(chosen.items()), words, len(terms), order, here if far else None)
    values = {"terms": terms, **asdict(asking(institution, now))}
    if order:
        return _sorted(shape).column(**values)
    return _freshest(shape, values, until)


@dataclass
class LastTime:
    """Whether these words and filters were common: which question comes first, never its answer."""

    common: bool = False


@lru_cache(maxsize=SHAPES_KEPT)
def _last_time(_shape: Shape, _terms: tuple, _counted: int) -> LastTime:
    return LastTime()


def _freshest(shape: Shape, values: dict, until: int) -> list[int] | MoreKeys:
    counted = COUNTED if until < COUNTED else MOST
    last_time = _last_time(shape, values["terms"], counted)
    if last_time.common:
        top = _top(shape, WINDOWS[0], min(until, counted), than=counted).column(**values)
        if top:
            return MoreKeys(counted, partial(_first, shape, values, top))
    some = _some(shape, counted + 1).column(**values)
    last_time.common = len(some) > counted
    return MoreKeys(counted, partial(_first, shape, values, ())) if last_time.common else some


def _first(shape: Shape, values: dict, top: Sequence[int], wanted: int) -> list[int]:
    """The freshest that fit: from the top of the catalogue, else by sorting all."""
    if len(top) >= wanted:
        return list(top[:wanted])
    for size in WINDOWS:
        found = _top(shape, size, wanted).column(**values) if size >= wanted else ()
        if len(found) >= wanted:
            return found
    return _sorted(shape).column(**values)[:wanted]


@lru_cache(maxsize=SHAPES_KEPT)
def _some(shape: Shape, number: int) -> Prepared:
    """So many of what fits, whichever; in order."""
    few = OneOf("pk", shape.narrowed().order_by()[:number])
    return Prepared(lambda: _all().filter(few).order_by(*by_freshness()).values_list("pk"))


@lru_cache(maxsize=SHAPES_KEPT)
def _top(shape: Shape, size: int, wanted: int, *, than: int | None = None) -> Prepared:
    """The first ``wanted`` that fit, looked for among the ``size`` freshest of the catalogue.

    Those that nobody confirmed come later and are not among them.  The window is of all there is,
    so that an index alone says where it ends: who sees what is asked of the rows in it.  With
    ``than``, nothing unless more than so many fit.
    """

    def keys() -> QuerySet:
        order = ("-confirmed_at", "pk")
        confirmed = _all().filter(kind=shape.kind, confirmed_at__isnull=False).order_by(*order)
        end = Subquery(confirmed.values("confirmed_at")[size - 1 : size])
        rows = shape.narrowed(by_index=False).filter(
            kind=shape.kind, confirmed_at__gte=Coalesce(end, Value(BEFORE_ALL))
        )
        if than is not None:
            rows = rows.filter(Exists(shape.narrowed().order_by()[than : than + 1]))
        return rows.order_by(*order).values_list("pk")[:wanted]

    return Prepared(keys)


def _all() -> QuerySet:
    return Resource.objects.everywhere(reason=KEYS)


@lru_cache(maxsize=SHAPES_KEPT)
def _sorted(shape: Shape) -> Prepared:
    """All that fits, up to MOST, in the order of the shape."""

    def keys() -> QuerySet:
        rows = shape.narrowed()
        if any("squared_km" in name for name in shape.order):
            rows = with_distance(rows, shape.here)
        return rows.order_by(*(shape.order or by_freshness())).values_list("pk")[:MOST]

    return Prepared(keys)
