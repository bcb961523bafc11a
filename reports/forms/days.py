"""Days that figures and the lists behind them can be about."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.periods import EARLIEST

A_DAY = timedelta(days=1)  # somewhere it is tomorrow


def refused(first: date | None, last: date | None, until: date) -> tuple[str, str] | None:
    """(field, why) where there can be no such days; ``until``: the last one with figures."""
    if first and last and first > last:
        return "last", _("The period ends before it begins.")
    if first and first < EARLIEST:
        return "first", _("There are no figures from before the year 2000.")
    if last and last < EARLIEST:
        return "last", _("There are no figures from before the year 2000.")
    if last and last > until + A_DAY:
        return "last", _("The period ends in the future.")
    if first and first > until + A_DAY:
        return "first", _("The period begins in the future.")
    return None


class DaysForm(forms.Form):
    """Of the filters of a list: ``first`` and ``last``, either may be left open."""

    def clean(self):
        data = super().clean()
        found = refused(data.get("first"), data.get("last"), timezone.localdate())
        if found:
            self.add_error(*found)
        return data
