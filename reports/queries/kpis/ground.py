"""What the figures of a period stand on: read once, asked by every family."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from medshare_portal.models import Institution
from reports.assumptions import ALL
from reports.kpis import Measure
from reports.models import Assumption, CountedDays, UsageFact
from reports.periods import A_DAY, Period
from reports.queries import numbers
from reports.queries.figures import Sums, grouped
from reports.queries.scores import NOTHING, added
from resources.enums import ResourceStatus
from resources.models import Resource
from scheduling.models import SharingRequest

GIVEN, RECEIVED = "owner", "borrower"
SHARED = (ResourceStatus.LISTED, ResourceStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Made:
    """A figure of one period; ``part`` where it falls into several.  ``people``: on how many
    persons it rests, where it rests on persons."""

    code: str
    measure: Measure
    part: str = ""
    people: int | None = None


@dataclass(frozen=True)
class Ground:
    """``institution`` None: the whole city.  ``kind`` "": all.  ``unseen``: kinds that no sum over
    kinds has, because it would tell of a few people; ``official``: nothing tells of them."""

    institution: Institution | None
    period: Period
    kind: str
    currency: str
    now: datetime
    unseen: frozenset[str] = frozenset()
    official: bool = False

    @property
    def today(self) -> date:
        """By the city's clock."""
        return timezone.localdate(self.now)

    @property
    def of_city(self) -> bool:
        return self.institution is None

    @cached_property
    def rows(self):
        if self.of_city:
            return numbers.of_city()
        return numbers.of(self.institution)

    @cached_property
    def _sums(self) -> dict[tuple[str, str], Sums]:
        narrowed = {"kind": self.kind} if self.kind else {}
        first, last = self.period.first, self.period.last
        return dict(grouped(self.rows, first, last, by=("kind", "side"), **narrowed))

    def given(self, *kinds: str) -> Sums:
        """What others had from it; of some kinds or of all."""
        return self._of(GIVEN, kinds)

    def received(self, *kinds: str) -> Sums:
        return self._of(RECEIVED, kinds)

    def _of(self, side: str, kinds: Iterable[str]) -> Sums:
        return added(
            sums
            for (kind, of), sums in self._sums.items()
            if of == side and (kind in kinds if kinds else kind not in self.unseen)
        )

    def shows(self, kind: str) -> bool:
        return self.kind in ("", kind)

    @cached_property
    def resources(self):
        """What is or was shared and is still there: as it is now, whatever the period."""
        if self.of_city:
            rows = Resource.objects.in_city_view()
        else:
            rows = Resource.objects.owned_by(self.institution).filter(status__in=SHARED)
        return rows.filter(kind=self.kind) if self.kind else rows

    def facts(self):
        """Requests that ended; of an institution those that it was asked."""
        if self.of_city:
            rows = UsageFact.objects.in_city_view()
        else:
            rows = UsageFact.objects.given_by(self.institution)
        rows = rows.filter(kind=self.kind) if self.kind else rows
        return rows.filter(version=1)

    def asked(self):
        """Requests of an institution that it was asked, as they are now."""
        rows = SharingRequest.objects.owned_by(self.institution)
        return rows.filter(kind=self.kind) if self.kind else rows

    def moments(self) -> tuple[datetime, datetime]:
        """Of the period, a day wider: by whatever clock."""
        first = datetime.combine(self.period.first - A_DAY, time(), UTC)
        return first, datetime.combine(self.period.last + 2 * A_DAY, time(), UTC)

    @cached_property
    def counted_from(self) -> date | None:
        """The first day that is counted: what was before is not known, and not nothing."""
        rows = CountedDays.objects
        rows = rows.in_city_view() if self.of_city else rows.owned_by(self.institution)
        return rows.order_by("first_day").values_list("first_day", flat=True).first()

    @cached_property
    def assumed(self) -> dict[str, Decimal]:
        return assumed()


def assumed() -> dict[str, Decimal]:
    """What the city wrote, else what is usual."""
    written = assumptions()
    return {one.code: written[one.code].value if one.code in written else one.usual for one in ALL}


def assumptions() -> dict[str, Assumption]:
    return {row.code: row for row in Assumption.objects.order_by("code")}


def worth(sums: dict[str, Decimal], currency: str) -> Decimal:
    return sums.get(currency, Decimal())


__all__ = ["GIVEN", "NOTHING", "RECEIVED", "Ground", "Made", "assumed", "assumptions", "worth"]
