"""What is searched, what one row of the city says, and what comes out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from medshare_portal.bilingual import localised
from medshare_portal.crises import RunningCrisis
from resources.enums import ShareMode
from resources.intervals import Interval
from resources.models import Offer, Resource
from scheduling.queries.busy import Busy
from scheduling.queries.surroundings import Surroundings


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A resource that is free for the wish, or for a part of it."""

    resource: Resource
    offer: Offer
    distance_km: float | None
    coverage: float  # share of the wished time in which it can be had, 0 to 1
    free_intervals: list[Interval]  # within the wish
    uncovered: list[Interval]  # within the wish
    offered: list[Interval]  # within the shown time
    busy: list[Busy]  # within the shown time
    reason: str

    @property
    def is_full(self) -> bool:
        return not self.uncovered


class Searchable(NamedTuple):
    """A category that a search may name."""

    path: str
    name_en: str
    name_zh: str

    @property
    def name(self) -> str:
        return localised(self)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A resource that is no candidate.  ``code``: far, notice, long, units, stale, not_offered,
    taken."""

    resource: "Fact"
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """``more``: farther ones were not looked at, so the counts are those of the nearer ones;
    ``left_out_more``: there may be more left out than counted."""

    candidates: list[Candidate]
    left_out: list[LeftOut]
    fully_free: int
    considered: int
    more: bool
    left_out_count: int
    left_out_more: bool
    around: Surroundings  # of the candidates, and of those that were to be read beside them
    categories: frozenset[int]  # of all that is near enough, free or not

    def __iter__(self):
        return iter(self.candidates)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is searched."""

    institution: object
    now: datetime
    kind: str
    starts_at: datetime
    ends_at: datetime
    category: object = None
    text: str = ""
    units: int = 1
    site: object = None
    within_km: float | None = None
    mode: str | None = None
    crisis: RunningCrisis | None = None  # that runs now: notice may be shorter

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


@dataclass(slots=True)
class Fact:
    """The narrow row of one resource with its terms, and what the search found out."""

    pk: int
    code: str
    name_en: str  # of its institution
    name_zh: str
    site_id: int
    units: int
    confirmed_at: datetime | None
    offer_id: int
    owner_id: int
    category_id: int
    notice_hours: int
    max_loan_hours: int
    setup_minutes: int
    transport_minutes: int
    cleaning_minutes: int
    fee_per_hour: object
    lendable: bool
    offered_from: datetime | None
    offered_until: datetime | None
    distance_km: float | None = None
    free: list = field(default_factory=list)
    coverage: float = 0.0

    @property
    def institution(self) -> str:
        return localised(self)

    @property
    def mode(self) -> str:
        """The mode whose buffers count where none is wished: a loan needs the longest."""
        return ShareMode.LOAN if self.lendable else ""
