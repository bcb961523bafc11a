"""Repeating uses: a rule (RFC 5545) or picked days become moments on the wall clock of one place.

A leaf: it reads no database and no clock.  The rule is dateutil's; what may be typed is kept so
small that a rule always ends, and every limit is an error with words instead of a long wait.

**Clock changes.**  Start and end are wall times of the site where the resource stands: 08:00 stays
08:00 in summer and winter, and a use over the night of a change is an hour shorter or longer.  A
time that the clocks skip means the moment an hour later on the wall (the offset before the gap, RFC
5545 §3.3.5); a time that comes twice means the first.  A use whose start was moved past its end
that way keeps its length.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import rrule
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FREQUENCIES = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"}
# Which of the parts that choose days go with which frequency.
CHOOSING = {
    "DAILY": set(),
    "WEEKLY": {"BYDAY", "WKST"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
}
LONGEST_RULE, MOST_INTERVAL = 200, 99
NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")


class BadRule(ValueError):
    """What was typed is no rule, or none that the portal repeats by; ``message`` says why."""

    def __init__(self, message: Promise | str, **params):
        self.message = str(message) % params if params else str(message)
        super().__init__(self.message)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far a rule is followed: so many dates, so many days after the first."""

    most_dates: int
    horizon_days: int


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that was read.  ``by_day``: (weekday from 0, which of the month or 0 for each)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        """The rule as it is kept, parts in a fixed order."""
        parts = [("FREQ", self.frequency)]
        parts += [("INTERVAL", self.interval)] if self.interval > 1 else []
        days = [f"{nth or ''}{WEEKDAYS[weekday]}" for weekday, nth in self.by_day]
        for name, values in (
            ("BYDAY", days),
            ("BYMONTHDAY", self.by_month_day),
            ("BYSETPOS", self.by_position),
        ):
            parts += [(name, ",".join(map(str, values)))] if values else []
        parts += [("WKST", WEEKDAYS[self.week_start])] if self.week_start else []
        parts += [("COUNT", self.count)] if self.count else []
        parts += [("UNTIL", _written(self.until))] if self.until else []
        return ";".join(f"{name}={value}" for name, value in parts)


def _written(until: date | datetime) -> str:
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}"
    return f"{until:%Y%m%dT%H%M%S}" + ("Z" if until.tzinfo else "")


def parse(text: str) -> Rule:
    """Read a typed rule, with or without ``RRULE:``.  Raises BadRule."""
    text = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    if len(text) > LONGEST_RULE:
        raise BadRule(_("The rule is too long: at most %(most)s characters."), most=LONGEST_RULE)
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise BadRule(_("The rule needs FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY."))
    ends = {"INTERVAL", "COUNT", "UNTIL"}
    for name in parts:
        if name not in CHOOSING[frequency] | ends:
            raise BadRule(_("%(part)s does not go with FREQ=%(freq)s."), part=name, freq=frequency)
    found = Rule(
        frequency=frequency,
        interval=_one(parts, "INTERVAL", MOST_INTERVAL) or 1,
        count=_one(parts, "COUNT", 10**9 - 1),
        until=_until(parts.get("UNTIL")),
        by_day=_days(parts.get("BYDAY"), monthly=frequency == "MONTHLY"),
        by_month_day=_numbers(parts, "BYMONTHDAY", 31),
        by_position=_numbers(parts, "BYSETPOS", 31),
        week_start=_weekday(parts.get("WKST", "MO")),
    )
    _must_meet_days(found)
    return found


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise BadRule(_("“%(part)s” is no part of a rule such as FREQ=WEEKLY;BYDAY=TU."),
                          part=part[:40])  # fmt: skip
        if name not in PARTS:
            raise BadRule(_("%(part)s is not known here: use FREQ, INTERVAL, BYDAY, BYMONTHDAY, "
                            "BYSETPOS, WKST, COUNT or UNTIL."), part=name[:40])  # fmt: skip
        if name in found:
            raise BadRule(_("%(part)s is there twice."), part=name)
        found[name] = value
    return found


def _one(parts: dict[str, str], name: str, most: int) -> int | None:
    """A whole number from 1 on."""
    if name not in parts:
        return None
    text = parts[name]
    if not NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        raise BadRule(_("%(part)s must be a number from 1 to %(most)s."), part=name, most=most)
    return int(text)


def _numbers(parts: dict[str, str], name: str, most: int) -> tuple[int, ...]:
    """Numbers from -most to most without 0, each once."""
    texts = parts[name].split(",") if name in parts else []
    if not all(NUMBER.fullmatch(text) and 1 <= abs(int(text)) <= most for text in texts):
        raise BadRule(_("%(part)s must be numbers from 1 to %(most)s, or from -%(most)s to -1."),
                      part=name, most=most)  # fmt: skip
    return tuple(dict.fromkeys(int(text) for text in texts))


def _days(text: str | None, *, monthly: bool) -> tuple[tuple[int, int], ...]:
    found = []
    for one in text.split(",") if text else ():
        match = DAY.fullmatch(one)
        if match is None or (match[1] and not monthly):
            raise BadRule(_("BYDAY is made of MO, TU, WE, TH, FR, SA and SU; of a month also the "
                            "first (1MO) or the last (-1MO)."))  # fmt: skip
        found.append((WEEKDAYS.index(match[2]), int(match[1] or 0)))
    return tuple(dict.fromkeys(found))


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise BadRule(_("WKST is one of MO, TU, WE, TH, FR, SA and SU."))
    return WEEKDAYS.index(text)


def _until(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    match = UNTIL.fullmatch(text)
    try:
        day = datetime.strptime(match[1], "%Y%m%d").date() if match else None  # noqa: DTZ007
        clock = time(*map(int, re.findall("..", match[2]))) if match and match[2] else None
    except ValueError:
        day = None
    if day is None:
        raise BadRule(_("UNTIL must be a day such as 20261231."))
    if clock is None:
        return day
    return datetime.combine(day, clock, tzinfo=UTC if match[3] else None)


def _must_meet_days(rule: Rule) -> None:
    """Refuse what would be searched for ever: days that a month need not have."""
    if rule.by_month_day and any(nth for _weekday_, nth in rule.by_day):
        raise BadRule(_("BYMONTHDAY does not go with the first or last weekday of a month."))
    if not rule.by_position:
        return
    plain = len([1 for _weekday_, nth in rule.by_day if not nth])
    most = 4 * plain if plain == len(rule.by_day) and not rule.by_month_day else 0
    if not most or max(map(abs, rule.by_position)) > most:
        raise BadRule(_("BYSETPOS needs weekdays in BYDAY, of which every month has so many."))


def days_of(
    rule: Rule, *, first_on: date, starts: time, zone: ZoneInfo, limits: Limits
) -> list[date]:
    """The days of a rule from ``first_on`` on.  Raises BadRule beyond a limit or without a day.

    A first day that the rule does not meet is no day of it.
    """
    if rule.count is None and rule.until is None:
        raise BadRule(_("Say until when, or how often: a series has an end."))
    if rule.count is not None and rule.count > limits.most_dates:
        raise BadRule(_("A series has at most %(most)s dates."), most=limits.most_dates)
    days: list[date] = []
    for wall in _walls(rule, datetime.combine(first_on, starts), limits):
        if _is_over(rule, wall, zone):
            break
        days.append(wall.date())
        if len(days) > limits.most_dates:
            raise BadRule(_("A series has at most %(most)s dates."), most=limits.most_dates)
        if len(days) == rule.count:
            break
    else:
        if not _ends_before(rule, first_on + timedelta(days=limits.horizon_days)):
            raise BadRule(_("A series ends within %(days)s days of its first date."),
                          days=limits.horizon_days)  # fmt: skip
    if not days:
        raise BadRule(_("No day meets this rule before its end."))
    return days


def _is_over(rule: Rule, wall: datetime, zone: ZoneInfo) -> bool:
    """Whether the end of the rule lies before this start; a day's end is the end of that day."""
    if not isinstance(rule.until, datetime):
        return rule.until is not None and wall.date() > rule.until
    if rule.until.tzinfo is None:
        return wall > rule.until
    return wall.replace(tzinfo=zone).astimezone(UTC) > rule.until


def _walls(rule: Rule, first: datetime, limits: Limits) -> Iterable[datetime]:
    """Starts on the wall up to the horizon."""
    return rrule.rrule(
        FREQUENCIES[rule.frequency],
        dtstart=first,
        interval=rule.interval,
        wkst=rule.week_start,
        byweekday=[rrule.weekday(day, nth or None) for day, nth in rule.by_day] or None,
        bymonthday=rule.by_month_day or None,
        bysetpos=rule.by_position or None,
        until=first + timedelta(days=limits.horizon_days),
    )


def _ends_before(rule: Rule, last: date) -> bool:
    """Whether the rule itself ends before the horizon does."""
    if rule.until is None:
        return False
    until = rule.until.date() if isinstance(rule.until, datetime) else rule.until
    return until < last


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From when until when on the wall, the end some days later where it passes midnight."""

    starts: time
    ends: time
    days_later: int = 0

    @property
    def length(self) -> timedelta:
        """By the wall, as on a day without a change of clocks."""
        day = date(2000, 1, 1)
        length = datetime.combine(day, self.ends) - datetime.combine(day, self.starts)
        return timedelta(days=self.days_later) + length


@dataclass(frozen=True, kw_only=True)
class Use:
    """One date of a series: the day on which it starts at the site, and its moments in UTC."""

    day: date
    starts_at: datetime
    ends_at: datetime


def use_on(day: date, hours: Hours, zone: ZoneInfo) -> Use:
    """The moments of one day's use; see the module for the nights of a clock change."""
    starts_at = datetime.combine(day, hours.starts, tzinfo=zone).astimezone(UTC)
    last = day + timedelta(days=hours.days_later)
    ends_at = datetime.combine(last, hours.ends, tzinfo=zone).astimezone(UTC)
    if ends_at <= starts_at:
        ends_at = starts_at + hours.length
    return Use(day=day, starts_at=starts_at, ends_at=ends_at)


def uses_on(days: Iterable[date], hours: Hours, zone: ZoneInfo) -> list[Use]:
    """Each day once, in order."""
    return [use_on(day, hours, zone) for day in sorted(set(days))]
