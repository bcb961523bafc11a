"""How a series is described: how it repeats, and what it came to."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medshare_portal.local_times import describe_date
from resources.enums import Weekday
from scheduling.recurrence import BadRule, Rule, parse


def repeats(text: str) -> str:
    """'Every week on Tuesday, 10 times'; for picked days a word that says so."""
    if not text:
        return _("On picked days")
    try:
        rule = parse(text)
    except BadRule:
        return text
    how, end = _how(rule), _end(rule)
    return _("%(how)s, %(end)s") % {"how": how, "end": end} if end else how


def _how(rule: Rule) -> str:
    words = {"n": rule.interval, "days": _days(rule)}
    if rule.frequency == "DAILY":
        return ngettext("Every day", "Every %(n)s days", rule.interval) % words
    if rule.frequency == "WEEKLY" and not rule.by_day:
        return ngettext("Every week", "Every %(n)s weeks", rule.interval) % words
    if rule.frequency == "WEEKLY":
        return (
            ngettext("Every week on %(days)s", "Every %(n)s weeks on %(days)s", rule.interval)
            % words
        )
    if not rule.by_day and not rule.by_month_day:
        return ngettext("Every month", "Every %(n)s months", rule.interval) % words
    return (
        ngettext("Every month on %(days)s", "Every %(n)s months on %(days)s", rule.interval) % words
    )


def _days(rule: Rule) -> str:
    named = [_weekday(weekday, nth) for weekday, nth in rule.by_day]
    named += [_month_day(number) for number in rule.by_month_day]
    said = _(", ").join(named)
    if rule.by_position:
        numbers = _(", ").join(map(str, rule.by_position))
        said = _("%(days)s (number %(numbers)s of them)") % {"days": said, "numbers": numbers}
    return said


def _weekday(weekday: int, nth: int) -> str:
    name = str(Weekday(weekday).label)
    if not nth:
        return name
    if nth < 0:
        return _("the last %(weekday)s") % {"weekday": name} if nth == -1 else f"{name} ({nth})"
    return _("%(weekday)s no. %(number)s") % {"weekday": name, "number": nth}


def _month_day(number: int) -> str:
    if number == -1:
        return _("the last day")
    return _("day %(number)s") % {"number": number}


def _end(rule: Rule) -> str:
    if rule.count:
        return ngettext("once", "%(n)s times", rule.count) % {"n": rule.count}
    until = rule.until.date() if isinstance(rule.until, datetime) else rule.until
    return _("until %(day)s") % {"day": describe_date(until)} if until else ""
