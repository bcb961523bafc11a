"""The rows behind waiting times: each answer with how long it took and whether it was in time."""

from datetime import timedelta

import pytest

from medshare_portal.roles import Role
from tests import make
from tests.reports.figures.numbers import numbers
from tests.reports.figures.test_all_figures import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOUR = timedelta(hours=1)
DAY = (NOW - timedelta(days=1)).date()
DAYS = f"first={DAY}&last={DAY}"


@pytest.fixture
def town():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    asked = NOW - timedelta(days=1)
    for state, hours, priority in (
        ("underway", 1, "routine"), ("declined", 3, "stat"), ("countered", 2, "routine"),
    ):  # fmt: skip
        make.sharing_request(
            make.equipment(owner), borrower, state=state, priority=priority, now=asked, submitted_at=asked,
            decided_at=asked + hours * HOUR,
        )  # fmt: skip
    make.sharing_request(
        make.equipment(owner), borrower, state="requested", now=asked, submitted_at=asked
    )
    return owner, borrower


def listed(client, address):
    page = client.get(address)
    return [[str(cell) for _column, cell in row.items()] for row in page.context["table"].rows]


def test_what_was_decided_is_listed_whether_or_not_it_runs(town, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    rows = listed(client, f"/city/figures/answers/?{DAYS}")
    assert [row[5] for row in rows] == ["3 h", "2 h", "1 h"]
    assert ["Late" in row[6] for row in rows] == [True, False, False]
    for answer, number in (("yes", 1), ("no", 1), ("otherwise", 1)):
        assert len(listed(client, f"/city/figures/answers/?{DAYS}&answer={answer}")) == number
    assert len(listed(client, f"/city/figures/answers/?{DAYS}&urgency=stat")) == 1
    later = DAY + timedelta(days=1)
    assert listed(client, f"/city/figures/answers/?first={later}") == []
    assert client.get("/city/figures/answers/?period=9999").status_code == 400
    numbers(town[0], answered=3, answered_in_time=2)
    assert f"/city/figures/answers/?{DAYS.replace('&', '&amp;')}" in client.get(
        f"/city/figures/all/?{DAYS}&compare=nothing"
    ).content.decode().replace("&amp;compare=nothing", "")


def test_an_institution_reads_what_it_was_asked_and_nothing_else(town, client):
    for house, number in zip(town, (3, 0), strict=True):
        client.force_login(make.user(at=house, role=Role.VIEWER))
        assert len(listed(client, f"/at/{house.slug}/figures/answers/?{DAYS}")) == number
