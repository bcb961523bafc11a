"""The privacy page: looks in numbers, broken glass and its reviews, grants; no person anywhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medshare_portal.roles import Role
from tests import make
from tests.reports.figures.numbers import counted, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def town(now):
    houses = [make.institution(name.lower(), name_en=name) for name in ("Renhe", "Xihu", "Meilin")]
    counted(*houses, last=timezone.localdate(now) - timedelta(days=1))
    return houses


@pytest.fixture
def grant(town, now):
    """Xihu broke the glass of Renhe three days ago and looked; one look was refused."""
    asset = make.asset(town[0])
    make.access_terms(asset)
    person = make.user(at=town[1], role="coordinator", full_name="Canary Person")
    made = make.access_request(
        asset, town[1], state="underway", now=now - timedelta(days=2), glass=True, by=person
    )
    make.access_event(made, now=now - timedelta(days=2))
    make.access_event(made, now=now - timedelta(days=2), rule="INF-06")
    return made


def numbers_of(response):
    return {row["code"]: row["value"] for row in response.context["cards"]}


def test_the_owner_reads_its_log_in_numbers_and_what_waits_for_a_review(town, grant, client):
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    response = client.get("/at/renhe/figures/privacy/")
    found = numbers_of(response)
    assert (found["looks"], found["looks_refused"]) == ("1", "50.0 %")
    assert found["break_glass_reviewed"] == "n/a"  # its time is not over yet
    (row,) = response.context["queue"]
    assert (row["name"], row["borrower"]) == (grant.reference, "Xihu")
    assert row["url"] == f"/at/renhe/requests/{grant.pk}/"
    assert [bar.width for bar in response.context["rules"].rows] == ["100.00%"]
    assert "Canary Person" not in response.content.decode()


def test_the_other_side_and_strangers_read_nothing_of_it(town, grant, client):
    for house in town[1:]:
        client.force_login(make.user(at=house, role=Role.VIEWER))
        response = client.get(f"/at/{house.slug}/figures/privacy/")
        assert numbers_of(response)["looks"] == "0"
        assert response.context["queue"] == []
        assert client.get("/at/renhe/figures/privacy/").status_code == 404


def test_officials_read_sums_and_the_queue_without_a_person(town, grant, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get("/city/figures/privacy/")
    assert numbers_of(response)["looks"] == "1"
    (row,) = response.context["queue"]
    assert (row["owner"], row["borrower"]) == ("Renhe", "Xihu")
    assert (
        row["url"] == f"/city/bookings/?kind=information&owner={town[0].pk}"
    )  # no page of the request
    assert "Canary Person" not in response.content.decode()


def test_a_review_in_time_counts_and_a_late_one_does_not(town, grant, client, now):
    reviewer = make.user(at=town[0], role="information_steward")
    other = make.access_request(
        grant.resource, town[2], state="underway", now=now - timedelta(days=9), glass=True
    )
    for request, hours in ((grant, 10), (other, 100)):
        made = request.access_grant
        made.reviewed_at = request.submitted_at + timedelta(hours=hours)
        made.reviewed_by, made.review_verdict = reviewer, "justified"
        made.save()
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get("/city/figures/privacy/")
    assert numbers_of(response)["break_glass_reviewed"] == "50.0 %"
    assert response.context["reviews"]["median"] == "55 h"
    assert response.context["queue"] == []


def test_grants_and_refusals_come_from_the_numbers_of_days(town, client, now):
    yesterday = timezone.localdate(now) - timedelta(days=1)
    numbers(town[0], kind="information", day=yesterday, ended=5, answered=4, refused=1)
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    found = numbers_of(client.get("/at/renhe/figures/privacy/"))
    assert (found["grants_approved"], found["grants_denied"]) == ("75.0 %", "25.0 %")


def test_the_statements_are_as_many_for_one_look_as_for_many(town, grant, client, now):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))

    def statements():
        with CaptureQueriesContext(connection) as found:
            client.get("/city/figures/privacy/")
        return len(found)

    statements()
    first = statements()
    for hours in range(6):
        make.access_event(grant, now=now - timedelta(hours=30 + hours))
    assert statements() == first
