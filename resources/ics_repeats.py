"""The moments of one event of a calendar file: when it is, and when it is again."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _

from resources.intervals import instant_of

MAX_REPEATS = 1000
MAX_STEPS = 5000
OLDEST_REPETITION = timedelta(days=10 * 366)
LONGEST_EVENT = timedelta(days=366)
AHEAD = timedelta(days=366)
BACK = timedelta(days=92)
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


class BadEvent(ValueError):
    """One event cannot be used; the text says why."""


def occurrences(event, start, zone, now: datetime) -> list:
    """The starts of a repetition up to a year ahead, in the clock of the event itself."""
    rules = event["RRULE"]
    if isinstance(rules, list):
        raise BadEvent(_("Only one repetition rule per event."))
    _check_rule(rules)
    naive = datetime.combine(start, time()) if is_day(start) else start.replace(tzinfo=None)
    if moment_of(start, zone) < now - OLDEST_REPETITION:
        raise BadEvent(_("The repetition begins more than ten years ago."))
    until = _until(rules, start, zone, now)
    steps = _steps(rules, naive, until)
    first = (now - BACK - LONGEST_EVENT).replace(tzinfo=None)
    found = [moment for moment in steps if first <= moment]
    if len(steps) > MAX_STEPS or len(found) > MAX_REPEATS:
        raise BadEvent(_("It repeats more than %(most)s times.") % {"most": MAX_REPEATS})
    if is_day(start):
        return [moment.date() for moment in found]
    return [moment.replace(tzinfo=start.tzinfo) for moment in found]


def _steps(rules, naive: datetime, until: datetime) -> list[datetime]:
    """The rule's moments up to ``until``: a rule that never happens ends there as well."""
    parts = rules.to_ical().decode().split(";")
    text = ";".join(part for part in parts if not part.startswith(("UNTIL=", "COUNT=")))
    rule = rrulestr(text, dtstart=naive).replace(until=until)
    return list(islice(rule, int((rules.get("COUNT") or [MAX_STEPS + 1])[0])))


def _check_rule(rules) -> None:
    frequency = str((rules.get("FREQ") or [""])[0]).upper()
    if frequency not in FREQUENCIES:
        raise BadEvent(_("Only daily, weekly, monthly and yearly repetitions are read."))
    if not 1 <= int((rules.get("INTERVAL") or [1])[0]) <= 1000:
        raise BadEvent(_("The interval of the repetition is not between 1 and 1000."))
    if int((rules.get("COUNT") or [1])[0]) > MAX_REPEATS:
        raise BadEvent(_("It repeats more than %(most)s times.") % {"most": MAX_REPEATS})
    if any(len(rules.get(part) or []) > 1 for part in CLOCK_PARTS):
        raise BadEvent(_("Only one time of day per repetition is read."))
    if any(len(values) > 40 for values in rules.values()):
        raise BadEvent(_("The repetition has too many parts."))


def _until(rules, start, zone, now: datetime) -> datetime:
    """The last start that the rule allows, a year ahead at most, in the event's own clock."""
    horizon = (now + AHEAD).replace(tzinfo=None)
    value = (rules.get("UNTIL") or [None])[0]
    if value is None:
        return horizon
    if is_day(value):
        return min(horizon, datetime.combine(value, time(23, 59, 59)))
    if value.tzinfo is None:
        return min(horizon, value)
    own = start.tzinfo if isinstance(start, datetime) and start.tzinfo else zone
    return min(horizon, value.astimezone(own).replace(tzinfo=None))


def is_day(value) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def moment_of(value, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """UTC; a date is the site's midnight, a floating time the site's clock."""
    if not 1970 <= value.year <= 9998:
        raise BadEvent(_("The year %(year)s is out of range.") % {"year": value.year})
    if is_day(value):
        return instant_of(datetime.combine(value, time()), zone)
    if value.tzinfo is None:
        return instant_of(value, zone, last=last)
    if isinstance(value.tzinfo, ZoneInfo):
        return instant_of(value.replace(tzinfo=None), value.tzinfo, last=last)
    return value.astimezone(UTC)
