"""What the rules of staff look at: plain values, already loaded.  A leaf."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from resources.kinds.staff.working_time import Assessment, Duty


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a shift asks for beside its time: where, which specialty and skills.

    ``beside``: the dates that are asked for with it, each from and until when.
    """

    break_minutes: int = 0
    specialty: object | None = None  # a Code
    competencies: tuple = ()  # of Competency
    site: object | None = None
    beside: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Days from and until which something holds, both included; None: no end."""

    first: date
    last: date | None

    def holds(self, first: date, last: date) -> bool:
        return self.first <= first and (self.last is None or self.last >= last)


@dataclass(frozen=True, kw_only=True)
class Papers:
    """A person's papers as they matter at one host."""

    licence_kind: str
    licence_status: str
    licence_until: date | None
    licence_verified: bool
    specialties: frozenset[str]
    bases: tuple[tuple[str, Span], ...] = ()  # (basis, span) at this host
    indemnities: tuple[Span, ...] = ()  # that cover this host
    competencies: dict[int, date | None] = field(default_factory=dict)
    health_until: tuple[date | None, ...] = ()  # clearances; none: there is no clearance
    common_consortium: bool = False  # both institutions are members on every day of the shift


@dataclass(frozen=True, kw_only=True)
class ShiftFacts:
    """One person and one shift at a host."""

    asked: Asked
    papers: Papers
    duty: Duty
    assessment: Assessment
    others: tuple[Duty, ...]
    zone: ZoneInfo
    host_specialties: frozenset[str]
    hosts: int = 0  # within the reference period, this one included
    roster_known: bool = False  # shifts at home are kept here: within that period there is one
    distance_km: float = 0.0

    @property
    def first_day(self) -> date:
        return _day(self.duty.starts_at, self.zone)

    @property
    def last_day(self) -> date:
        return _day(self.duty.ends_at, self.zone)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
