"""The demo city has something to show on every page of the first hospital."""

import pytest
from django.test import Client

from medshare_portal.models import User
from tests.access.table import AT_INSTITUTION
from tests.journeys.test_every_page import HOSPITALS, NO_PAGES, Demo, people_and_pages

pytestmark = pytest.mark.django_db
# A person's own, for as long as it is there: the journeys open them (test_information,
# test_send_a_basket).
NOT_IN_THE_DEMO = {"scheduling:information-look", "scheduling:basket-line-remove"}


def test_every_row_of_the_access_table_has_an_address(city):
    demos = [Demo(slug) for slug in HOSPITALS]
    rows = [row for row in AT_INSTITUTION if row.get == 200 and row.name not in NO_PAGES]
    missing = {row.name for row in rows if not any(demo.addresses(row) for demo in demos)}
    assert missing == NOT_IN_THE_DEMO


def test_each_is_opened_by_somebody_who_may(city):
    refused = []
    for username, addresses in people_and_pages().items():
        client = Client()
        client.force_login(User.objects.get(username=username))
        for address in addresses:
            status = client.get(address, follow=True).status_code
            if status != 200 and not address.startswith("/admin/"):
                refused.append((username, address, status))
    assert refused == []
