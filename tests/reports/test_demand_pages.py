"""The pages of demand: what was not met first, each number leads to its rows, taken as a file."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent
from reports.actions import demand
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
QUERIES = 9


@pytest.fixture
def city():
    """Of the borrower: one refused, one called off by its owner, one met, one by nobody; of
    another hospital: one refused."""
    now = timezone.now()
    owner, borrower, other = (make.institution(name) for name in ("owner", "borrower", "other"))
    device = make.equipment(owner, name_en="Pump", name_zh="泵")
    for state, fields in (
        (State.DECLINED, {}),
        (State.CANCELLED, {"decision_code": "defect"}),
        (State.CANCELLED, {}),
        (State.CLOSED, {}),
    ):
        make.sharing_request(device, borrower, state=state, now=now - HOUR, **fields)
    make.sharing_request(device, other, state=State.DECLINED, now=now - HOUR)
    over = {"ended_at": now - HOUR, "now": now - 2 * HOUR}
    make.need(borrower, what="=ECMO", state="expired", **over)
    make.need(borrower, category=device.category, state="met", **over)
    demand.record(now=now)
    return SimpleNamespace(owner=owner, borrower=borrower, other=other, device=device, now=now)


def at(name, institution):
    return reverse(f"reports:{name}", args=[institution.slug])


@pytest.fixture
def reader(client, city):
    client.force_login(make.user(at=city.borrower, role="coordinator"))
    return client


def outcomes(page):
    return sorted(row.record.outcome for row in page.context["table"].rows)


def test_what_was_not_met_is_shown_first_and_what_became_a_request_is_counted_once(reader, city):
    page = reader.get(at("demand", city.borrower))
    assert outcomes(page) == ["nothing_listed", "recalled", "refused"]
    assert "Not met: 3 of 5 demands" in page.content.decode()
    numbers = page.context["numbers"]
    assert (numbers.met, [(one.name, one.number) for one in numbers.most_wanted]) == (
        1, [(city.device.category.name_en, 2), ("=ECMO", 1)],
    )  # fmt: skip


def test_each_number_leads_to_as_many_rows(reader, city):
    for tab in reader.get(at("demand", city.borrower)).context["outcomes"]:
        assert len(reader.get(tab["url"]).context["table"].rows) == tab["count"]


def test_rows_lead_to_our_own_pages_and_filters_leave_out(reader, city):
    page = reader.get(at("demand", city.borrower), {"outcome": "refused"}).content.decode()
    assert "/requests/" in page
    assert outcomes(reader.get(at("demand", city.borrower), {"kind": "staff"})) == []
    assert outcomes(reader.get(at("demand", city.borrower), {"source": "need"})) == [
        "nothing_listed"
    ]


@pytest.mark.parametrize("query", ["outcome=x", "period=-1", "kind=%00", "urgency=now", "page=x"])
def test_what_no_filter_knows_is_an_error_beside_it(reader, city, query):
    assert reader.get(f"{at('demand', city.borrower)}?{query}").status_code in (400, 404)


def test_the_city_reads_everybodys_and_a_hospital_its_own(client, reader, city):
    assert city.other.name not in reader.get(at("demand", city.borrower)).content.decode()
    client.force_login(make.user(role="city_official"))
    page = client.get(reverse("city:demand"))
    assert "cards-on-phone" in page.content.decode()
    assert outcomes(page) == ["nothing_listed", "recalled", "refused", "refused"]
    only = client.get(reverse("city:demand"), {"institution": city.other.pk})
    assert outcomes(only) == ["refused"]
    assert client.get(reverse("city:demand"), {"institution": "x"}).status_code == 400


def test_the_file_holds_what_the_list_shows_neutral_and_is_audited(reader, city):
    answer = reader.post(at("demand-export", city.borrower), {"format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "'=ECMO" in text
    assert AuditEvent.unscoped.filter(action="demand.exported", chain="borrower").count() == 1
    assert reader.post(at("demand-export", city.borrower), {"format": "pdf"}).status_code == 400


def test_the_list_takes_as_many_queries_for_many_rows(reader, city, django_assert_num_queries):
    few = at("demand", city.borrower)
    reader.get(few)
    with django_assert_num_queries(QUERIES):
        reader.get(few)
    for _each in range(20):
        make.sharing_request(city.device, city.borrower, state=State.DECLINED, now=city.now - HOUR)
    demand.record(now=city.now)
    with django_assert_num_queries(QUERIES):
        assert len(reader.get(few).context["table"].rows) == 23
