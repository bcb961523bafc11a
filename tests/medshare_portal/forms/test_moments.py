"""A local date-time as typed, shown again and written into an address."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms

from medshare_portal.forms.moments import MomentField, set_zone, written

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


class WhenForm(forms.Form):
    when = MomentField()


def when(data=None, **kwargs):
    form = WhenForm(data, **kwargs)
    set_zone(form, BERLIN)
    return form


def chosen(form):
    return re.findall(r'<option value="(\d)" selected>', str(form["when"]))


@pytest.mark.parametrize(("which", "moment"), [("0", FIRST), ("1", SECOND)])
def test_either_meaning_is_read_and_shown_again(which, moment):
    form = when({"when": "2026-10-25T02:30", "when_which": which})
    assert form.is_valid()
    assert form.cleaned_data["when"] == moment
    assert chosen(form) == chosen(when(initial={"when": moment})) == [which]


@pytest.mark.parametrize("moment", [FIRST, SECOND])
def test_an_address_tells_the_two_apart(moment):
    form = when({"when": written(moment, BERLIN)})
    assert form.is_valid()
    assert form.cleaned_data["when"] == moment
    assert 'value="2026-10-25T02:30"' in str(form["when"])


def test_a_plain_time_is_written_without_an_offset_and_asks_nothing():
    assert written(datetime(2026, 7, 1, 6, tzinfo=UTC), BERLIN) == "2026-07-01T08:00"
    assert "<select" not in str(when({"when": "2026-07-01T08:00", "when_which": "1"})["when"])


@pytest.mark.parametrize("which", ["", "2", "-1", "x", "\x00"])
def test_no_other_answer_counts_as_a_choice(which):
    form = when({"when": "2026-10-25T02:30", "when_which": which})
    assert form.errors["when"].as_data()[0].code == "doubled"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("soon", "invalid"),
        ("x\x00y", "invalid"),
        ("0000-01-01T00:00", "invalid"),
        ("2026-02-30T00:00", "invalid"),
        ("99999-01-01T00:00", "invalid"),
        ("0001-01-01T00:00", "year"),
        ("9999-12-31T23:59-23:59", "year"),
        ("2026-03-29T02:30", "skipped"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_is_shown_again(text, code):
    form = when({"when": text})
    assert [error.code for error in form.errors["when"].as_data()] == [code]
    assert "<select" not in str(form["when"])
