"""What a rule says is shown with its code and with the law, standard or agreement behind it."""

import pytest

from resources.models import Equipment
from tests import make
from tests.scheduling.views.requests.steps import HOUR, loan, post

pytestmark = pytest.mark.django_db
LAW = "EQ-06 · Regulations on medical devices (China), article 55"


@pytest.fixture
def obsolete(device):
    Equipment.unscoped.filter(pk=device.pk).update(obsolete=True)
    return device


def shown(client, at, address, role):
    client.force_login(make.user(at=at, role=role))
    answer = client.get(f"/at/{at.slug}/{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_request_form_names_the_law(client, obsolete, borrower):
    assert LAW in shown(client, borrower, f"resources/{obsolete.pk}/request/", "coordinator")


@pytest.mark.parametrize("step", ["", "decide/"])
def test_the_requests_page_and_the_deciding_page_name_the_law(
    client, obsolete, owner, borrower, now, step
):
    row = loan(obsolete, borrower, now, "requested")
    assert LAW in shown(client, owner, f"requests/{row.pk}/{step}", "approver")


def test_a_refused_handover_names_the_law(client, obsolete, owner, borrower, now):
    row = loan(obsolete, borrower, now, "approved", starts_at=now)
    client.force_login(make.user(at=owner, role="coordinator"))
    refused = post(client, owner.slug, row, "handover", counter_reading="1", receiver_name="A")
    assert refused.status_code in (409, 422)
    page = refused.content.decode()
    assert LAW in page
    assert "EQ-05 · Regulations on medical devices (China), article 49" in page


def test_an_own_rule_says_that_it_is_the_portals(client, device, owner, borrower, now):
    row = loan(device, borrower, now, "requested", starts_at=now - 48 * HOUR)
    assert "GEN-02 · Rule of the portal" in shown(client, owner, f"requests/{row.pk}/", "approver")


def test_the_offers_form_names_the_law(client, obsolete, owner):
    page = shown(client, owner, f"offers/{obsolete.offers.get().pk}/edit/", "coordinator")
    assert LAW in page
