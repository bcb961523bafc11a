"""The forecast pages cost the same number of statements for one series and for many."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.actions.forecasts import compute
from tests import make
from tests.reports.ahead.conftest import DAY, issue_daily, seen

pytestmark = pytest.mark.django_db
STOCK, SHIFTS = 9, 9


@pytest.mark.parametrize("items", [1, 12])
def test_the_page_of_medicines(client, house, django_assert_num_queries, items):
    for number in range(1, items):
        lot = make.medicine_lot(house.owner, stock=20, pack_size=5, strength=f"{number} IU")
        issue_daily(lot, house.now, days=30)
    assert compute(institution=house.owner, now=house.now) == items
    assert len(seen(client, house.owner, "reports:stock-ahead").context["rows"]) == items
    with django_assert_num_queries(STOCK):
        client.get(reverse("reports:stock-ahead", args=[house.owner.slug]))


@pytest.mark.parametrize("professions", [1, 6])
def test_the_page_of_shifts(client, django_assert_num_queries, professions):
    now = timezone.now()
    owner = make.institution("owner")
    by = make.user(at=owner, role="staffing_manager")
    for number in range(professions):
        category = make.category(f"job{number}", kind="staff")
        for specialties in ([], [make.specialty(str(number))]):
            person = make.person(owner, category=category, specialties=specialties)
            for day in range(-3, 30):
                if day:
                    make.shift(person, now + timedelta(hours=1) - day * DAY, by=by)
    assert compute(institution=owner, now=now) == 2 * professions
    assert len(seen(client, owner, "reports:shifts-ahead").context["tabs"]) == 2 * professions
    with django_assert_num_queries(SHIFTS):
        client.get(reverse("reports:shifts-ahead", args=[owner.slug]))
