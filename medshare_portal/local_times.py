"""How moments, periods and durations are worded for a reader, in the active language.

Pure functions: `tz` defaults to Django's current time zone; callers that speak about a site
pass the site's zone. Nothing here reads the clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

ZH_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MINUTE, HOUR, DAY = 60, 3600, 86400
URGENT_SECONDS, SOON_SECONDS = HOUR, 2 * HOUR


def in_chinese():
    return (get_language() or "").startswith("zh")


def local(moment, tz=None):
    """An aware datetime in the reader's zone (or ``tz``, a zone or its name); a date stays one."""
    tz = ZoneInfo(tz) if isinstance(tz, str) else tz
    return timezone.localtime(moment, tz) if isinstance(moment, datetime) else moment


def instants_of(naive: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments (UTC) that show this wall time: none in a gap, two in a fold, else one."""
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return [first]
    return [first, second] if first < second else []


def day_words(moment, *, year=False):
    """'Wed 25 Nov' or '11/25 周三'; with the year 'Wed 25 Nov 2026' or '2026/11/25 周三'."""
    if in_chinese():
        head = f"{moment.year}/" if year else ""
        return f"{head}{moment.month}/{moment.day} {ZH_WEEKDAYS[moment.weekday()]}"
    tail = f" {moment.year}" if year else ""
    return f"{moment:%a} {moment.day} {moment:%b}{tail}"


def clock_words(moment):
    """'08:00', always 24 hours."""
    return f"{moment:%H:%M}"


def describe_moment(moment, *, tz=None, year=False):
    """'Wed 25 Nov, 08:00' or '11/25 周三 08:00'."""
    if moment is None:
        return ""
    moment = local(moment, tz)
    if not isinstance(moment, datetime):
        return day_words(moment, year=year)
    gap = " " if in_chinese() else ", "
    return f"{day_words(moment, year=year)}{gap}{clock_words(moment)}"


def describe_date(day, *, tz=None, year=True):
    """'25 Nov 2026' or '2026/11/25'. Dates of expiry are dates: no zone moves them."""
    if day is None:
        return ""
    day = local(day, tz)
    if in_chinese():
        return f"{day.year}/{day.month:02}/{day.day:02}" if year else f"{day.month}/{day.day}"
    return f"{day.day} {day:%b} {day.year}" if year else f"{day.day} {day:%b}"


def describe_month(month):
    """'October 2026' or '2026年10月', of any day in it."""
    return f"{month.year}年{month.month}月" if in_chinese() else f"{month:%B} {month.year}"


def midnight(day):
    """The beginning of a day on the clock of the city."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def month_name(month, *, year=False):
    """'Oct', 'Oct 2026'; '10月', '2026年10月': for places that are narrow."""
    if in_chinese():
        return describe_month(month) if year else f"{month.month}月"
    return f"{month:%b} {month.year}" if year else f"{month:%b}"


def describe_period(starts_at, ends_at, *, tz=None, year=False):
    """'Wed 25 Nov, 08:00 – 20:00' within a day, else both ends in full."""
    if starts_at is None or ends_at is None:
        return describe_moment(starts_at or ends_at, tz=tz, year=year)
    start, end = local(starts_at, tz), local(ends_at, tz)
    first = describe_moment(start, tz=tz, year=year)
    if _day_of(start) == _day_of(end) and isinstance(end, datetime):
        return f"{first} – {clock_words(end)}"
    return f"{first} – {describe_moment(end, tz=tz, year=year)}"


def _day_of(moment):
    return moment.date() if isinstance(moment, datetime) else date(*moment.timetuple()[:3])


def describe_duration(span):
    """'38 min', '1 h 20', '60 h', '6 d', '2 d 1 h': two units at most."""
    seconds = int(abs(span.total_seconds()))
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days and not hours:
        return _("%(days)d d") % {"days": days}
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes}


def describe_hours(span, *, to=round):
    """The length of a loan in hours: '60 h', '2.5 h'.

    ``to`` is ``floor`` or ``ceil`` where a limit must not look kept that is not.
    """
    hours = to(span.total_seconds() * 10 / HOUR) / 10
    return pgettext("length", "%(hours)s h") % {"hours": f"{hours:g}"}


def due_level(left):
    """bad when late or within the hour, warn within two hours, else plain."""
    seconds = left.total_seconds()
    if seconds < URGENT_SECONDS:
        return "bad"
    return "warn" if seconds < SOON_SECONDS else "plain"


def describe_left(left):
    """'38 min' to go, or '1 h 12 late'."""
    words = describe_duration(left)
    return _("%(time)s late") % {"time": words} if left < timedelta(0) else words


def share_left(left, total):
    """How much of the allowed time is left, 0 to 100, for a meter."""
    if not total or total <= timedelta(0):
        return 0
    return max(0, min(100, round(100 * (left / total))))
