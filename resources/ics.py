"""Reads a calendar file (.ics, RFC 5545) into the times that an owner keeps.

Pure: bytes in, entries and problems out.  What a file could use to keep us busy is bounded: its
size, its events, how often an event repeats and how far back a repetition begins.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar

from resources.calendar_changes import Kept
from resources.ics_repeats import (
    AHEAD,
    BACK,
    LONGEST_EVENT,
    MAX_REPEATS,
    BadEvent,
    is_day,
    moment_of,
    occurrences,
)

MAX_BYTES = 1024 * 1024
MAX_EVENTS = 2000
MAX_REPEATING = 200
MALFORMED = (ValueError, TypeError, AttributeError, KeyError, OverflowError, LookupError)


class Unreadable(ValueError):
    """The file as a whole cannot be used; the text says why."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with the event of this number (1 is the first) and UID."""

    number: int
    uid: str
    text: str


@dataclass
class Reading:
    """What a file says.  ``skipped`` are cancelled, transparent, bygone and superseded events;
    ``named`` all events that it speaks of."""

    entries: list[Kept] = field(default_factory=list)
    named: dict[str, frozenset[datetime] | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0


def read(content: bytes, *, zone: ZoneInfo, now: datetime) -> Reading:
    """Entries from 92 days back to 366 days ahead; floating times are the site's.

    Raises Unreadable for a file that is too big, no calendar, or holds too many events.
    """
    events = _events(content)
    moved = _moved_starts(events, zone)
    reading = Reading(named=_named(events, moved))
    newest = _newest(events)
    repeating = 0
    for number, event in enumerate(events, start=1):
        uid = _uid(event)
        if uid and _sequence(event) < newest[_occurrence(event)]:
            reading.skipped += 1
            continue
        repeating += "RRULE" in event
        try:
            if repeating > MAX_REPEATING:
                raise BadEvent(_("More than %(most)s repeating events.") % {"most": MAX_REPEATING})
            _take(reading, event, uid, zone, now, moved.get(uid, frozenset()))
        except BadEvent as problem:
            reading.problems.append(Problem(number, uid, str(problem)))
        except MALFORMED:
            reading.problems.append(Problem(number, uid, _("The event is malformed.")))
        if len(reading.entries) > MAX_EVENTS:
            raise Unreadable(_("More than %(most)s dates in one file.") % {"most": MAX_EVENTS})
    reading.entries.sort(key=lambda entry: (entry.starts_at, entry.ends_at))
    return reading


def _events(content: bytes) -> list:
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 1 MB."))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not in UTF-8.")) from error
    if content.count(b"BEGIN:VEVENT") > MAX_EVENTS:
        raise Unreadable(_("More than %(most)s events in one file.") % {"most": MAX_EVENTS})
    try:
        return list(Calendar.from_ical(content).walk("VEVENT"))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
        raise Unreadable(_("This is not a calendar file.")) from error


def _take(reading: Reading, event, uid: str, zone, now: datetime, moved: frozenset) -> None:
    if "DTSTART" not in event:
        raise BadEvent(_("The start is missing."))
    replaced = _instead_of(event, zone)
    said = [str(event.get(name, "")).upper() for name in ("STATUS", "TRANSP")]
    if said[0] == "CANCELLED" or said[1] == "TRANSPARENT":
        reading.skipped += 1
        return
    note = " ".join(str(event.get("SUMMARY", "")).replace("\x00", "").split())[:200]
    repeats = "RRULE" in event or "RDATE" in event
    found = 0
    for starts_at, ends_at in _times(event, zone, now, moved):
        if ends_at > now - BACK and starts_at < now + AHEAD:
            occurrence = replaced or (starts_at if repeats else None)
            reading.entries.append(Kept(starts_at, ends_at, note, uid, occurrence))
            found += 1
    reading.skipped += not found


def _moved_starts(events, zone) -> dict[str, frozenset[datetime]]:
    """UID → the occurrences of a repetition that events of their own replace (RECURRENCE-ID)."""
    moved: dict[str, frozenset] = {}
    for event in events:
        # A malformed one is reported when its event is taken.
        with suppress(*MALFORMED):
            if "RECURRENCE-ID" in event:
                uid = _uid(event)
                moved[uid] = moved.get(uid, frozenset()) | {_instead_of(event, zone)}
    return moved


def _named(events, moved: dict) -> dict[str, frozenset[datetime] | None]:
    """Of an event whose own entry is not in the file, only the occurrences that are."""
    whole = {_uid(event) for event in events if "RECURRENCE-ID" not in event}
    return {uid: None if uid in whole else moved[uid] for uid in whole | moved.keys() if uid}


def _uid(event) -> str:
    return str(event.get("UID", "")).replace("\x00", "")[:250]


def _occurrence(event) -> tuple[str, str]:
    """What a newer event of the same file replaces: the whole event, or one date of it."""
    replaced = event.get("RECURRENCE-ID")
    text = replaced.to_ical() if hasattr(replaced, "to_ical") else replaced
    return _uid(event), str(text or "")


def _newest(events) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for event in events:
        key = _occurrence(event)
        found[key] = max(found.get(key, 0), _sequence(event))
    return found


def _sequence(event) -> int:
    """How often the event was revised (SEQUENCE); 0 where it does not say."""
    value = event.get("SEQUENCE", 0)
    return value if isinstance(value, int) and value > 0 else 0


def _instead_of(event, zone) -> datetime | None:
    if "RECURRENCE-ID" not in event:
        return None
    if "RANGE" in event["RECURRENCE-ID"].params:
        raise BadEvent(_("A change of one date and all that follow is not read."))
    return moment_of(event["RECURRENCE-ID"].dt, zone)


def _times(event, zone, now: datetime, moved: frozenset) -> Iterator[tuple[datetime, datetime]]:
    """The event's occurrences in UTC."""
    start = event["DTSTART"].dt
    length = _length(event, start, zone)
    starts = occurrences(event, start, zone, now) if "RRULE" in event else []
    if "RRULE" not in event:
        yield _span(start, length, zone)
    gone = {moment_of(value, zone) for value in _dates(event, "EXDATE")} | moved
    for value in [*starts, *_dates(event, "RDATE")]:
        span = _span(value, length, zone)
        if span[0] not in gone:
            yield span


def _length(event, start, zone) -> timedelta:
    """How long it lasts: whole days for a date, elapsed time for a moment."""
    if "DTEND" in event:
        end = event["DTEND"].dt
        if isinstance(start, datetime) != isinstance(end, datetime):
            raise BadEvent(_("Start and end are not of the same kind."))
        day = is_day(start)
        length = end - start if day else moment_of(end, zone, last=True) - moment_of(start, zone)
    elif "DURATION" in event:
        length = event["DURATION"].dt
    else:
        length = timedelta(days=1) if is_day(start) else timedelta(0)
    if length <= timedelta(0):
        raise BadEvent(_("The end is not after the start."))
    if length > LONGEST_EVENT:
        raise BadEvent(_("It lasts longer than a year."))
    return length


def _span(value, length: timedelta, zone) -> tuple[datetime, datetime]:
    if is_day(value):
        return moment_of(value, zone), moment_of(value + length, zone)
    starts_at = moment_of(value, zone)
    return starts_at, starts_at + length


def _dates(event, name: str) -> list:
    """The values of EXDATE or RDATE, of which a file may hold several lines."""
    lines = event.get(name, [])
    lines = lines if isinstance(lines, list) else [lines]
    values = [value.dt for line in lines for value in line.dts]
    if len(values) > MAX_REPEATS:
        raise BadEvent(_("It repeats more than %(most)s times.") % {"most": MAX_REPEATS})
    if any(isinstance(value, tuple) for value in values):
        raise BadEvent(_("Periods in a list of dates are not read."))
    return values
