"""What a round waits for stands on the home pages: an answer, or to be published."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def device(owner, now):
    made = make.equipment(owner, last_safety_test=now.date())
    make.offer(made, now=now, intervals=[(now, now + 7 * DAY)])
    return made


def home(client, institution, role) -> str:
    client.force_login(make.user(at=institution, role=role))
    page = client.get(reverse("reports:home", args=[institution.slug]))
    return closed(page).content.decode()


def proposed(device, borrower, now, **run):
    need = make.need(borrower, category=device.category, now=now)
    state = "published" if run.get("state") == "published" else "proposed"
    return make.proposal(make.matching_run(now=now, **run), need, device, now=now, state=state)


def test_both_sides_read_that_a_proposal_waits(client, now, owner, borrower, device):
    proposed(device, borrower, now, state="published")
    assert "1 proposal of a matching round waits for our answer" in home(
        client, borrower, "coordinator"
    )
    assert "1 thing of ours is proposed to others" in home(client, owner, "approver")
    stranger = make.institution("stranger")
    assert "matching round" not in home(client, stranger, "coordinator")
    assert "matching round" not in home(client, borrower, "viewer")


def test_what_ended_or_is_not_published_waits_for_nobody(client, now, borrower, device):
    row = proposed(device, borrower, now)
    assert "waits for our answer" not in home(client, borrower, "coordinator")
    row.state, row.expires_at = "published", now - DAY
    row.save()
    assert "waits for our answer" not in home(client, borrower, "coordinator")


def test_a_hospital_reads_that_its_round_is_ready(client, now, borrower, device):
    fields = {"institution": borrower, "kinds": ["equipment"]}
    proposed(device, borrower, now, **fields)
    assert "Matching round 1 is ready to publish" in home(client, borrower, "coordinator")
    later = make.matching_run(now=now, **fields)
    assert later.number == 2
    assert "is ready to publish" not in home(client, borrower, "coordinator")
