"""The keys of what fits the catalogue's filters, in order, without sorting all that fits.

First up to COUNTED of them are taken in no order, and those are sorted.  If there are no more, that
is the list: the index of the words, or of an institution, finds the few.  If there are more, what
fits is common, and the freshest that fit stand among the freshest of all: those are looked through
from the top, in windows of a fixed size, until the page is full.  What was common the last time is
first asked whether it still is; nothing else is kept between requests.

Prepared statements, kept per shape: which filters are chosen and what the page is sorted by.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

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
    return _freshest(shape, values, COUNTED if until < COUNTED else MOST)


@dataclass
class LastTime:
    """Whether these words and filters were common: which question comes first, never its answer."""

    common: bool = False


@lru_cache(maxsize=SHAPES_KEPT)
def _last_time(_shape: Shape, _terms: tuple, _counted: int) -> LastTime:
    return LastTime()


def _freshest(shape: Shape, values: dict, counted: int) -> list[int] | MoreKeys:
    last_time = _last_time(shape, values["terms"], counted)
    if not (last_time.common and _one_more(shape, counted).column(**values)):
        some = _some(shape, counted + 1).column(**values)
        last_time.common = len(some) > counted
        if not last_time.common:
            return some
    return MoreKeys(counted, lambda wanted: _first(shape, values, wanted))


def _first(shape: Shape, values: dict, wanted: int) -> list[int]:
    """The freshest that fit: from the top of the catalogue, else by sorting all."""
    for size in WINDOWS:
        found = _within(shape, size).column(**values) if size >= wanted else ()
        if len(found) >= wanted:
            return found[:wanted]
    return _sorted(shape).column(**values)[:wanted]


@lru_cache(maxsize=SHAPES_KEPT)
def _some(shape: Shape, number: int) -> Prepared:
    """So many of what fits, whichever; in order."""
    return Prepared(lambda: _in_order(_all(), shape.narrowed().order_by()[:number]))


@lru_cache(maxsize=SHAPES_KEPT)
def _one_more(shape: Shape, number: int) -> Prepared:
    """One row if more than so many fit."""
    rows = shape.narrowed().order_by().values_list("pk")
    return Prepared(lambda: rows[number : number + 1])


@lru_cache(maxsize=SHAPES_KEPT)
def _within(shape: Shape, size: int) -> Prepared:
    """What fits of the freshest; those that nobody confirmed come later and are not among them.

    The window is of all there is, so that an index alone gives it: who sees what is asked of the
    rows in it.
    """
    confirmed = _all().filter(kind=shape.kind, confirmed_at__isnull=False)
    window = confirmed.order_by("-confirmed_at", "pk")[:size]
    return Prepared(lambda: _in_order(shape.narrowed(by_index=False), window))


def _all() -> QuerySet:
    return Resource.objects.everywhere(reason=KEYS)


def _in_order(rows: QuerySet, window: QuerySet) -> QuerySet:
    return rows.filter(OneOf("pk", window)).order_by(*by_freshness()).values_list("pk")


@lru_cache(maxsize=SHAPES_KEPT)
def _sorted(shape: Shape) -> Prepared:
    """All that fits, up to MOST, in the order of the shape."""

    def keys() -> QuerySet:
        rows = shape.narrowed()
        if any("squared_km" in name for name in shape.order):
            rows = with_distance(rows, shape.here)
        return rows.order_by(*(shape.order or by_freshness())).values_list("pk")[:MOST]

    return Prepared(keys)
