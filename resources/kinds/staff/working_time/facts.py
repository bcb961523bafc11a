"""What is known of a person's duties, what the law allows, and what is found: plain values."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from resources.intervals import Interval

MINUTE = timedelta(minutes=1)


class Duty(NamedTuple):
    """One shift at any employer, as a half-open time in UTC; a search makes ten thousand of them.

    ``break_minutes`` is rest within the shift and counts as taken in its middle;
    ``travel_minutes`` is the way there, and as much again the way back: neither work nor rest.
    """

    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0
    travel_minutes: int = 0
    at_home: bool = True  # at the employer that lends, not at another institution

    @property
    def bound(self) -> Interval:
        """The time in which the person does not rest: the shift and the ways."""
        if not self.travel_minutes:  # at home: by far the most
            return self.starts_at, self.ends_at
        travel = self.travel_minutes * MINUTE
        return self.starts_at - travel, self.ends_at + travel

    @property
    def worked(self) -> list[Interval]:
        """The shift without its break, to whole minutes."""
        free = min(self.break_minutes * MINUTE, self.ends_at - self.starts_at)
        if not free:
            return [(self.starts_at, self.ends_at)]
        pause = self.starts_at + (self.ends_at - self.starts_at - free) // 2 // MINUTE * MINUTE
        parts = [(self.starts_at, pause), (pause + free, self.ends_at)]
        return [part for part in parts if part[0] < part[1]]


class Level(StrEnum):
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers of a jurisdiction (policy packs, ``[staff]``).  A zero: no such rule there."""

    daily_standard_hours: float
    daily_warn_hours: float
    daily_block_hours: float
    weekly_standard_hours: float
    weekly_average_hours: float
    weekly_level: Level
    reference_weeks: int
    monthly_overtime_hours: float
    daily_rest_hours: float
    daily_rest_level: Level
    weekly_rest_hours: float
    break_after_hours: float
    break_minutes: int
    night_average_hours: float
    night_from: time
    night_until: time


class Measure(StrEnum):
    """What a limit is about."""

    OVERLAP = "overlap"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WEEKLY_REST = "weekly_rest"
    DAILY_REST = "daily_rest"
    BREAK = "break"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A limit that the duties together do not keep: ``value`` of what, against which limit.

    ``on`` is the local day, the Monday of the week or the first day of the month.
    """

    measure: Measure
    level: Level
    value: timedelta
    limit: timedelta
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One duty among a person's others.

    ``rest_before`` and ``rest_after`` are None where no other duty is known on that side;
    ``week`` is the local week in which the duty begins, and the sums hold the duty itself.
    """

    breaches: tuple[Breach, ...]
    rest_before: timedelta | None
    rest_after: timedelta | None
    week: date
    week_at_home: timedelta
    week_elsewhere: timedelta
    week_with_duty: timedelta
    average: timedelta

    @property
    def blocks(self) -> bool:
        return any(breach.level == Level.BLOCK for breach in self.breaches)

    @property
    def least_rest(self) -> timedelta | None:
        """The shorter of the two rests; None where neither side is bounded."""
        known = [rest for rest in (self.rest_before, self.rest_after) if rest is not None]
        return min(known) if known else None


def limits_of(values: Any) -> Limits:
    """The limits in a pack's ``[staff]`` section, whose clock times are texts."""
    given = {name: getattr(values, name) for name in Limits.__dataclass_fields__}
    for name in ("night_from", "night_until"):
        given[name] = time.fromisoformat(given[name])
    for name in ("weekly_level", "daily_rest_level"):
        given[name] = Level(given[name])
    return Limits(**given)
