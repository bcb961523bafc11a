"""The city's page: counts and hours, no people."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.actions import rebuilding, usage
from scheduling.models import SharingRequest
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def official(client):
    person = make.city_user()
    client.force_login(person)
    return person


@pytest.fixture
def today(now):
    """The last midnight."""
    return now.astimezone(ZONE).replace(hour=0, minute=0)


def slowly_used(owner, since, until):
    """Hours of use that the requests say, as the page once read them."""
    rows = SharingRequest.unscoped.filter(owner=owner, actual_starts_at__isnull=False)
    spans = [
        (max(row.actual_starts_at, since), min(row.actual_ends_at or until, until)) for row in rows
    ]
    return sum((last - first).total_seconds() for first, last in spans if first < last) / 3600


def test_counts_and_hours_per_institution(client, official, now, today):
    owner, borrower = make.institution("renhe"), make.institution("dongbei")

    def lend(state, **fields):
        return make.sharing_request(make.equipment(owner), borrower, state=state, **fields)

    lend("requested", due_at=now - HOUR)
    lend("requested", due_at=now + 9 * HOUR)
    lend("approved")
    lend("underway", starts_at=today - 8 * HOUR, ends_at=today - HOUR)
    lend("closed", starts_at=today - 40 * HOUR, ends_at=today - 30 * HOUR)
    lend("closed", starts_at=today - 40 * DAY, ends_at=today - 29 * DAY)
    lend("closed", starts_at=today - 60 * DAY, ends_at=today - 50 * DAY)
    lend("held")
    usage.record_missing(now=now)
    first = today.astimezone(ZONE).date() - 70 * DAY
    rebuilding.rebuild(first=first, last=now.date(), now=today + HOUR)
    numbers = client.get("/city/").context["numbers"]
    lines = {line.institution.slug: line for line in numbers.lines}
    renhe, dongbei = lines["renhe"], lines["dongbei"]
    assert [number for _label, number in renhe.counts] == [2, 0, 1, 1, 0]
    assert (renhe.overdue, renhe.unanswered) == (1, 1)
    # 10 h and a day closed, 8 h underway until midnight: what the requests themselves say.
    assert renhe.hours_lent == slowly_used(owner, today - 30 * DAY, today) == 18 + 24
    assert (renhe.hours_borrowed, dongbei.hours_lent) == (0, 0)
    assert dongbei.hours_borrowed == renhe.hours_lent
    assert numbers.lines[0] is renhe


def test_no_person_and_no_purpose_is_shown(client, official, now):
    borrower = make.institution("dongbei")
    asker = make.user("zhang.wei", at=borrower, role="coordinator", full_name="Zhang Wei")
    make.sharing_request(
        make.equipment(make.institution("renhe")), borrower, by=asker, purpose="Patient Secret"
    )
    text = client.get("/city/").content.decode()
    assert "Zhang Wei" not in text
    assert "Patient Secret" not in text
    assert "Renhe Hospital" in text


def test_only_the_citys_people_come_in(client, now):
    client.force_login(make.user(at=make.institution("renhe"), role="approver"))
    assert client.get("/city/").status_code == 404
    client.force_login(make.city_user("admin", role="registry_admin"))
    assert client.get("/city/").status_code == 200


def test_the_city_asks_the_database_as_often_for_30_institutions_as_for_one(client, official, now):
    numbers = []
    for rows in (1, 29):
        for _number in range(rows):
            make.sharing_request(make.equipment(make.institution()), make.institution())
        client.get("/city/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/city/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 12
