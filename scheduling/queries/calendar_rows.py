"""The resources that a calendar lists: the institution's own, what it borrows, all that it sees.

Read as narrow rows, by statements that are compiled once; only a choice that the reader composes
(category and words) is compiled anew.  The order is that of the classification, so that a page
of a long list is read from an index and not sorted out of the whole city.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import BigIntegerField, DateTimeField, QuerySet

from medshare_portal.bilingual import is_chinese
from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.enums import ResourceStatus
from resources.kinds import kinds
from resources.limits import longest_blocked
from resources.models import Resource
from scheduling.models import SharingRequest
from scheduling.states import State

SHOWN = (*State.OPEN, State.CLOSED)
LISTED = (ResourceStatus.LISTED, ResourceStatus.PAUSED, ResourceStatus.SUBMITTED)
ORDER = ("category__kind", "category__path", "name_en", "code", "pk")
PAGES_PREPARED = 64
BIGGEST_KEY = 2**63 - 1
INSTITUTION = Bind("institution", BigIntegerField())
FIRST, LAST = Bind("first", DateTimeField()), Bind("last", DateTimeField())

Narrow = Callable[[QuerySet], QuerySet]


class Row(NamedTuple):
    """A resource as the calendar lists it; ``name`` and the like in the reader's language."""

    pk: int
    kind: str
    code: str
    name_en: str
    name_zh: str
    units: int
    status: str
    institution_id: int
    path: str
    name: str
    institution: str
    group: str


COLUMNS = (
    "pk",
    "kind",
    "code",
    "name_en",
    "name_zh",
    "units",
    "status",
    "institution_id",
    "category__path",
    "institution__name_en",
    "institution__name_zh",
    "category__name_en",
    "category__name_zh",
    "category__parent__name_en",
    "category__parent__name_zh",
)
PLAIN = COLUMNS.index("category__path") + 1  # columns that are the row's as they are


def either(english: str, chinese: str) -> str:
    """The text in the reader's language, or the other one when that is empty."""
    return (chinese or english) if is_chinese() else (english or chinese)


def _timed(resources: QuerySet) -> QuerySet:
    """Of kinds that are lent for a time.

    Asked of the category, which is of the same kind (guarantee resource_site_and_category_fit):
    its index begins with the kind, so the rows come in ORDER and a page is not sorted out of all.
    """
    timed = [kind.code for kind in kinds if kind.timed]
    return resources.filter(status__in=LISTED, category__kind__in=timed)


def _own(institution) -> QuerySet:
    return _timed(Resource.objects.owned_by(institution))


def _visible(institution) -> QuerySet:
    return _timed(Resource.objects.visible_to(institution))


def _listed(queryset: QuerySet) -> QuerySet:
    return queryset.order_by(*ORDER).values_list(*COLUMNS)


_OWN = Prepared(lambda: _listed(_own(INSTITUTION)))
_ONE = Prepared(
    lambda: (
        Resource.objects.visible_to(INSTITUTION)
        .filter(pk=Bind("resource", BigIntegerField()))
        .values_list(*COLUMNS)
    )
)
_BORROWED = Prepared(
    lambda: (
        SharingRequest.objects.borrowed_by(INSTITUTION)
        .overlapping(FIRST, LAST)
        .filter(state__in=SHOWN, blocked_from__gt=Bind("since", DateTimeField()))
        .values_list(*(f"resource__{name}" for name in COLUMNS))
        .distinct()
    )
)
_NOT_BACK = Prepared(
    lambda: (
        SharingRequest.objects.borrowed_by(INSTITUTION)
        .filter(AnyOf("pk", Keys("requests")))
        .values_list(*(f"resource__{name}" for name in COLUMNS))
    )
)


@lru_cache(maxsize=PAGES_PREPARED)
def _visible_page(first: int, count: int) -> Prepared:
    return Prepared(lambda: _listed(_visible(INSTITUTION))[first : first + count])


def own_rows(institution, narrow: Narrow | None) -> list[Row]:
    """The institution's resources in use; ``narrow`` filters the queryset."""
    if narrow is None:
        return _rows(_OWN.rows(institution=institution.pk))
    return _rows(_listed(narrow(_own(institution))))


def visible_rows(institution, narrow: Narrow | None, *, first: int, count: int) -> list[Row]:
    """A slice of all that the institution sees."""
    if narrow is None:
        return _rows(_visible_page(first, count).rows(institution=institution.pk))
    return _rows(_listed(narrow(_visible(institution)))[first : first + count])


def visible_row(institution, pk: int) -> Row | None:
    """One resource, whatever its status, if the institution sees it."""
    if not 0 < pk <= BIGGEST_KEY:
        return None
    found = _rows(_ONE.rows(institution=institution.pk, resource=pk))
    return found[0] if found else None


def borrowed_rows(
    institution, starts_at: datetime, ends_at: datetime, *, not_back: list[int]
) -> list[Row]:
    """What the institution borrows within the period; and what its requests ``not_back``, whose
    time was over before it, keep."""
    span = {"first": starts_at, "last": ends_at, "since": starts_at - longest_blocked()}
    found = _BORROWED.rows(institution=institution.pk, **span)
    if not_back:
        found += _NOT_BACK.rows(institution=institution.pk, requests=not_back)
    return list(dict.fromkeys(_rows(found)))


def _rows(found) -> list[Row]:
    """The group is the category above, or the category itself where it is a top one."""
    mine, other = (1, 0) if is_chinese() else (0, 1)
    rows = []
    for values in found:
        names, own, top, above = values[3:5], *_pairs(values[PLAIN:])
        spoken = (names, own, above if any(above) else top)
        rows.append(Row(*values[:PLAIN], *(pair[mine] or pair[other] for pair in spoken)))
    return rows


def _pairs(texts: tuple) -> list[tuple]:
    return [texts[n : n + 2] for n in range(0, len(texts), 2)]
