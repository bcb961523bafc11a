"""Every form that asks for a time, on the two nights on which the clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from resources.enums import ShareMode
from resources.forms.blocks import BlockForm
from scheduling.forms.changes import NewEndForm
from scheduling.forms.decisions import DecisionForm
from scheduling.forms.find import FindForm
from scheduling.forms.request import HoldForm, RequestForm
from scheduling.queries.home_zone import active_sites
from tests import make

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SKIPPED, DOUBLED = "2026-03-29T02:30", "2026-10-25T02:30"
FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.fixture
def asked():
    owner = make.institution("charite")
    device = make.equipment(owner, site=make.site(owner, time_zone="Europe/Berlin"))
    return make.sharing_request(device, make.institution("renhe"))


def _find(data, asked):
    return FindForm(data, sites=[], zone=BERLIN, now=NOW, categories=[])


def _request(data, asked):
    return RequestForm(data, sites=active_sites(asked.owner), modes=[ShareMode.LOAN], zone=BERLIN)


def _hold(data, asked):
    return HoldForm(data, zone=BERLIN)


def _decision(data, asked):
    return DecisionForm(data, sharing_request=asked, institution=asked.owner)


def _new_end(data, asked):
    return NewEndForm(data, sharing_request=asked)


def _block(data, asked):
    return BlockForm(data, zone=BERLIN)


FIELDS = [
    (build, name)
    for build, names in [
        (_find, ("starts_at", "ends_at")),
        (_request, ("starts_at", "ends_at")),
        (_hold, ("starts_at", "ends_at")),
        (_block, ("starts_at", "ends_at")),
        (_decision, ("part_starts_at", "part_ends_at", "counter_starts_at", "counter_ends_at")),
        (_new_end, ("new_ends_at",)),
    ]
    for name in names
]
each_field = pytest.mark.parametrize(("build", "name"), FIELDS)


@each_field
def test_an_hour_that_the_clocks_skip_is_refused_beside_the_field(asked, build, name):
    form = build({name: SKIPPED}, asked)
    words = "The clocks are put forward that night: there is no 02:30."
    assert form.errors[name] == [words]
    assert words in form[name].as_field_group()


@each_field
def test_an_hour_that_comes_twice_is_asked_for_and_both_can_be_meant(asked, build, name):
    form = build({name: DOUBLED}, asked)
    assert form.errors[name] == [
        "The clocks are put back that night: 02:30 comes twice. Choose which."
    ]
    shown = form[name].as_field_group()
    assert f'name="{name}_which"' in shown
    assert "Sun 25 Oct, 02:30 (CEST, UTC+0200)" in shown
    assert "Sun 25 Oct, 02:30 (CET, UTC+0100)" in shown
    for which, moment in (("0", FIRST), ("1", SECOND)):
        form = build({name: DOUBLED, f"{name}_which": which}, asked)
        assert name not in form.errors
        assert form.cleaned_data[name] == moment


@each_field
@pytest.mark.parametrize(
    "text", ["0000-01-01T00:00", "0001-01-01T00:00", "99999-01-01T00:00", "x\x00"]
)
def test_a_date_that_cannot_be_is_refused_beside_the_field(asked, build, name, text):
    assert len(build({name: text}, asked).errors[name]) == 1
