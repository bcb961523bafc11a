"""Titles of an axis, and what the bars mean."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.local_times import day_words, in_chinese
from scheduling.timeline.axis import Axis


def axis_title(axis: Axis) -> tuple[str, str]:
    """The period in words, and the number of its week where it is a week."""
    first, last = axis.first, axis.after - timedelta(days=1)
    if axis.number_of_days == 1:
        return day_words(first, year=True), ""
    if first.day == 1 and axis.number_of_days > 27:
        return date_format(first, "YEAR_MONTH_FORMAT"), ""
    week = _("week %(n)s") % {"n": first.isocalendar().week}
    return _from_to(first, last), week if axis.number_of_days == 7 else ""


def _from_to(first, last) -> str:
    if in_chinese():
        return f"{first.year}/{first.month}/{first.day} – {last.month}/{last.day}"
    if first.month == last.month:
        return f"{first.day} – {last.day} {last:%B %Y}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {last.day} {last:%B %Y}"
    return f"{first.day} {first:%B %Y} – {last.day} {last:%B %Y}"


def legend() -> list[tuple[str, str]]:
    return [
        ("booked", _("Booked")),
        ("use", _("In use now")),
        ("asked", _("Requested, not decided")),
        ("own", _("Own use")),
        ("past", pgettext("legend", "Returned")),
        ("clean", _("Cleaning and checks")),
        ("repair", _("Repair or service")),
        ("late", _("Overdue")),
        ("offered", _("Offered to others")),
    ]


def search_legend() -> list[tuple[str, str]]:
    return [
        ("free", _("Offered, free")),
        ("taken", _("Taken")),
        ("clean", _("Cleaning and checks")),
        ("wish", _("Your dates")),
        ("uncovered", _("Not covered")),
    ]
