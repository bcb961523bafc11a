"""Who reads the warnings: the home page, the city, and never another hospital."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from reports.actions.forecasts import compute, compute_due
from reports.queries.ahead import city_lines, warnings_of
from resources.enums import Weekday
from tests import make
from tests.reports.ahead.conftest import SHANGHAI, issue_daily, seen, stored
from tests.reports.test_own_use import next_day_off, working_weeks

pytestmark = pytest.mark.django_db
ALL_KINDS = ["equipment", "medicine", "staff"]


def test_another_hospital_never_sees_it(client, house):
    stranger = make.institution("stranger")
    compute(institution=house.owner, now=house.now)
    for name in ("reports:stock-ahead", "reports:shifts-ahead", "reports:own-use", "reports:home"):
        body = seen(client, stranger, name).content.decode()
        assert "Insulin glargine" not in body
        assert client.get(reverse(name, args=[house.owner.slug])).status_code == 404
    assert warnings_of(stranger) == []


def test_the_home_page_warns_most_severe_first_each_a_link(client, house):
    compute(institution=house.owner, now=house.now)
    pump = make.equipment(house.owner, name_en="Pump", name_zh="泵")
    working_weeks(pump, house.now, weeks=12)
    compute(institution=house.owner, now=house.now)
    body = seen(client, house.owner, "reports:home").content.decode()
    first = "10 days of stock at the forecast&#x27;s 90 % use, next delivery unknown"
    assert first in body
    weekend = Weekday(next_day_off(house.now))
    second = f"{pump.category.name_en}: free all day on {weekend.label}, you could offer it"
    assert body.index(first) < body.index(second)
    assert reverse("reports:stock-ahead", args=[house.owner.slug]) in body
    assert f"{reverse('reports:own-use', args=[house.owner.slug])}?category=" in body


@pytest.mark.parametrize("number", [1, 12])
def test_the_home_page_reads_its_warnings_by_one_statement(
    house, django_assert_num_queries, number
):
    compute(institution=house.owner, now=house.now)
    row = stored(house.owner, "medicine")
    for place in range(number - 1):
        row.pk, row.subject = None, str(place)
        row.save()
    with django_assert_num_queries(1):
        found = warnings_of(house.owner)
    assert len(found) == min(number, 4)


def test_the_city_counts_institutions_and_names_none(client, house):
    other = make.institution("other")
    issue_daily(make.medicine_lot(other, stock=20, pack_size=5), house.now, days=120)
    compute_due(now=house.now, zone=SHANGHAI)
    with translation.override("en"):
        (line,) = city_lines(ALL_KINDS)
    assert (line.name, line.short, line.over) == ("Insulin glargine 300 IU/3 ml", 2, 0)
    client.force_login(make.city_user())
    body = client.get("/city/").content.decode()
    assert "Institutions that may run short" in body
    assert city_lines(["equipment"]) == []


def test_a_hint_leads_into_the_form_of_the_offer_while_its_time_is_still_to_be_offered(client):
    now = timezone.now()
    owner = make.institution("owner")
    pump = make.equipment(owner)
    working_weeks(pump, now, weeks=12)
    compute(institution=owner, now=now)
    weekday = next_day_off(now)
    page = reverse("reports:own-use", args=[owner.slug])
    hint = f"{page}?category={pump.category_id}&offer={weekday}-00%3A00-24%3A00"
    body = seen(client, owner, "reports:home").content.decode()
    assert hint.replace("&", "&amp;") in body
    form = reverse("resources:offer-create", args=[owner.slug, pump.pk])
    assert client.get(hint)["Location"] == f"{form}?window={weekday}-00%3A00-24%3A00"
    for wrong in ("x", "9-00:00-24:00", f"{weekday}-01:00-02:00"):
        assert client.get(page, {"category": pump.category_id, "offer": wrong}).status_code == 200
    make.offer(pump, windows=[(day, time(0), time(0)) for day in range(7)])
    assert client.get(hint).status_code == 200  # somebody offered it meanwhile
    viewer = seen(client, owner, "reports:home", role="viewer").content.decode()
    assert "&amp;offer=" not in viewer
    assert client.get(hint).status_code == 200
