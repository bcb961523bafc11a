"""The rows behind the city's overview: as many as the number says, no person, no purpose."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.kpis.catalogue import KPIS
from reports.queries.all_figures import OF_ANSWERS, OF_REQUESTS
from reports.views.behind import OF_DEMANDS, OF_RESOURCES, PAGES
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOUR = timedelta(hours=1)


@pytest.fixture
def official(client):
    client.force_login(make.city_user())
    return client


@pytest.fixture
def city():
    """Something at every step, some of it late."""
    now = timezone.now()
    owner, borrower = make.institution("renhe"), make.institution("dongbei")

    def lend(state, **fields):
        return make.sharing_request(
            make.equipment(owner), borrower, state=state, purpose="Patient Secret", **fields
        )

    lend("requested", due_at=now - HOUR)
    lend("countered", due_at=now + 9 * HOUR)
    lend("approved")
    lend("underway", starts_at=now - 8 * HOUR, ends_at=now - HOUR)
    lend("underway", starts_at=now - 8 * HOUR, ends_at=now + HOUR)
    lend("finished", starts_at=now - 8 * HOUR, ends_at=now - HOUR)
    lend("closed", starts_at=now - 8 * HOUR, ends_at=now - HOUR)
    return owner, borrower


def rows(client, address) -> list:
    return [row.record for row in client.get(address).context["table"].rows]


def test_behind_each_number_of_the_overview_are_as_many_rows(official, city):
    context = official.get("/city/").context
    numbers = {name: (number, url) for number, name, _words, url in context["headlines"]}
    assert {name: number for name, (number, _url) in numbers.items()} == {
        "Waiting for an answer": 2, "Answer overdue": 1, "Booked": 1, "In use": 2,
        "Return overdue": 1, "Hours shared": 0,
    }  # fmt: skip
    for number, url in numbers.values():
        assert not url or len(rows(official, url)) == number
    (renhe, dongbei) = context["rows"]
    assert renhe["name"] == "Renhe Hospital"
    found = {head: (number, bool(url), bad) for head, number, url, bad in renhe["cells"]}
    assert found["Answer overdue"] == (1, True, True)
    assert found["Returned, check pending"] == (1, True, False)
    assert found["Hours lent"] == (0, False, False)
    for _head, number, url, _bad in renhe["cells"]:
        assert not url or len(rows(official, url)) == number
    assert not any(url for _head, _number, url, _bad in dongbei["cells"])


def test_no_purpose_and_no_person_is_in_the_list_and_an_unknown_filter_is_said(official, city):
    page = official.get("/city/bookings/").content.decode()
    assert "Ventilator" in page
    assert "Patient Secret" not in page
    assert official.get("/city/bookings/?step=nowhere").status_code == 400
    assert official.get("/city/needs/?urgency=nowhere").status_code == 400


def test_an_urgent_need_of_the_overview_leads_to_its_row(official, city):
    _owner, borrower = city
    urgent = make.need(borrower, what="ECMO", priority="asap", justification="Secret reason")
    make.need(borrower, what="Bed")
    page = official.get("/city/figures/").content.decode()
    address = f"/city/needs/?urgency=urgent&amp;institution={borrower.pk}"
    assert f'href="{address}#need-{urgent.pk}"' in page
    listed = official.get(address.replace("&amp;", "&"))
    assert [row.record for row in listed.context["table"].rows] == [urgent]
    assert f'id="need-{urgent.pk}"' in listed.content.decode()
    assert "Secret reason" not in listed.content.decode()
    assert len(rows(official, "/city/needs/")) == 2


def test_every_figure_says_where_its_rows_are():
    behind = [*OF_REQUESTS, *OF_ANSWERS, *OF_DEMANDS, *OF_RESOURCES, *PAGES]
    assert sorted(behind) == sorted(KPIS)


def test_the_figures_of_a_scorecard_lead_to_their_rows(official, city):
    owner, _borrower = city
    groups = official.get(f"/city/figures/{owner.pk}/?period=365").context["groups"]
    found = [row for _name, rows_of in groups for row in rows_of]
    assert all(bool(row["url"]) == (row["value"] != "n/a") for row in found)
    assert all(official.get(row["url"]).status_code == 200 for row in found if row["url"])
