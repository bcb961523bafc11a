"""A shift is at 18:00 where it is worked, whatever the clock of the home employer says."""

from zoneinfo import ZoneInfo

import pytest

from medshare_portal.local_times import describe_period
from scheduling.extent import extent
from scheduling.forms.changes import NewEndForm
from scheduling.models import SharingRequest
from tests import make
from tests.scheduling.staff.conftest import Lending

WORKED, AT_HOME = "18:00", "20:00"  # one moment on the clocks of Urumqi and of Shanghai
PAGES = ("inbox/", "lending/", "calendar/?view=table&date={day}")


@pytest.fixture
def far(db) -> Lending:
    """The host is two hours behind."""
    lending = Lending()
    lending.host.sites.update(time_zone="Asia/Urumqi")
    lending.invite()
    return lending


@pytest.mark.parametrize("page", PAGES)
def test_the_home_employer_reads_it_by_the_clock_of_the_host(far, client, page):
    client.force_login(far.manager)
    text = client.get(f"/at/home/{page.format(day=far.starts_at.date())}").text
    shown = text.split(far.nurse.code, 1)[1]
    assert WORKED in shown
    assert AT_HOME not in shown


def test_the_calendar_names_the_clock_only_where_it_is_not_its_own(far, client):
    day = far.starts_at.date()
    for person, here, named in ((far.manager, "home", True), (far.head, "host", False)):
        client.force_login(person)
        text = client.get(f"/at/{here}/calendar/?view=table&scope=all&date={day}").text
        assert WORKED in text
        assert ("(Asia/Urumqi)" in text) is named


def test_an_earlier_end_is_typed_by_that_clock(far):
    row = SharingRequest.unscoped.get()
    there = far.ends_at.astimezone(ZoneInfo("Asia/Urumqi"))
    typed = {"new_ends_at": f"{there:%Y-%m-%dT%H:%M}", "reason": "x"}
    form = NewEndForm(typed, sharing_request=row)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["new_ends_at"] == far.ends_at


def test_a_device_is_read_by_the_clock_of_its_own_site(db):
    borrower = make.institution("borrower")
    borrower.sites.update(time_zone="Asia/Urumqi")
    row = make.sharing_request(
        make.equipment(make.institution("owner")), borrower, delivery_site=borrower.sites.get()
    )
    assert extent(row) == describe_period(row.starts_at, row.ends_at, tz="Asia/Shanghai")
