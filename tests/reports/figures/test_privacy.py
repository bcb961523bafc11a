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


def looked(town, now, people, *, days=2, rule=""):
    """So many people of Meilin each look twice."""
    asset = make.asset(town[0])
    make.access_terms(asset)
    for _person in range(people):
        made = make.access_request(
            asset, town[2], state="underway", now=now - timedelta(days=days),
            by=make.user(at=town[2], role="coordinator"),
        )  # fmt: skip
        for hours in range(2):
            make.access_event(made, now=now - timedelta(days=days, hours=-hours), rule=rule)


def test_officials_read_nothing_that_rests_on_fewer_than_five(town, grant, client, now):
    looked(town, now, 5, days=4)
    looked(town, now, 4, days=6, rule="INF-06")
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    page = client.get("/city/figures/privacy/")
    found = numbers_of(page)
    assert found["looks"] == "11"
    assert (found["looks_refused"], found["break_glass"]) == ("45.0 %", "<5")
    alone = f"first={timezone.localdate(now - timedelta(days=2))}"
    days = alone + alone.replace("first", "&last")
    page = client.get(f"/city/figures/privacy/?period=own&{days}")
    found = numbers_of(page)
    assert {found[code] for code in ("looks", "looks_refused", "break_glass")} == {"<5"}
    for chart in ("rules", "purposes"):
        assert [row.words for row in page.context[chart].rows] == ["<5"]
    assert all("1" not in row.cells for row in page.context["trend"].table.rows)
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    assert numbers_of(client.get(f"/at/renhe/figures/privacy/?period=own&{days}"))["looks"] == "1"


def test_officials_read_the_queue_without_a_person(town, grant, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get("/city/figures/privacy/")
    assert numbers_of(response)["looks"] == "<5"
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
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    response = client.get("/at/renhe/figures/privacy/")
    assert numbers_of(response)["break_glass_reviewed"] == "50.0 %"
    assert response.context["reviews"]["median"] == "55 h"
    assert response.context["queue"] == []
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    response = client.get("/city/figures/privacy/")
    assert numbers_of(response)["break_glass_reviewed"] == "<5"  # two people broke it
    assert response.context["reviews"]["median"] == "n/a"


def test_grants_and_refusals_come_from_the_numbers_of_days(town, client, now):
    yesterday = timezone.localdate(now) - timedelta(days=1)
    numbers(town[0], kind="information", day=yesterday, grants_approved=3, grants_denied=1)
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


def test_the_owners_numbers_of_looks_lead_to_as_many_rows_of_its_log(town, grant, client):
    client.force_login(make.user(at=town[0], role="information_steward"))
    cards = {row["code"]: row for row in client.get("/at/renhe/figures/privacy/").context["cards"]}
    rows = {
        code: client.get(cards[code]["url"]).context["rows"] for code in cards if "look" in code
    }
    assert {code: len(found) for code, found in rows.items()} == {"looks": 1, "looks_refused": 1}
    before = client.get("/at/renhe/information/log/?last=2001-01-01")
    assert before.context["rows"] == []
    assert client.get("/at/renhe/information/log/?last=9999-12-31").status_code == 400
