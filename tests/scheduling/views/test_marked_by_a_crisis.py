"""What was asked under a crisis says so wherever it is listed, and step by step on its page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.models import TransitionLog
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def crisis(owner):
    return make.crisis(owner, make.institution("borrower"))


@pytest.fixture
def asked(owner, crisis):
    device = make.equipment(owner, last_safety_test=timezone.localdate())
    make.offer(device)
    borrower = crisis.reach.get(institution__slug="borrower").institution
    request = make.sharing_request(device, borrower, crisis=crisis)
    TransitionLog.unscoped.create(
        sharing_request=request, at=timezone.now(), side="borrower", transition="ask",
        to_state="requested", data={"crisis": crisis.pk, "relaxed": ["shorter-notice"]},
    )  # fmt: skip
    return request


@pytest.fixture
def read(client, owner):
    client.force_login(make.user(at=owner, roles=("coordinator", "approver")))

    def page(name, *arguments, query=""):
        return client.get(reverse(f"scheduling:{name}", args=["owner", *arguments]) + query)

    return page


@pytest.mark.parametrize("name", ["lending", "inbox"])
def test_its_row_carries_the_mark_and_no_other_row_does(read, owner, crisis, asked, name):
    other = make.sharing_request(asked.resource, make.institution("other"))
    text = read(name).content.decode()
    assert other.reference in text
    assert text.count(f"Crisis {crisis.reference}<") == 1


def test_its_page_marks_the_step_with_what_was_relaxed(read, crisis, asked):
    text = read("request-detail", asked.pk).content.decode()
    assert f"Crisis {crisis.reference}: shorter notice<" in text


def test_the_reference_of_the_crisis_finds_all_that_was_done_under_it(read, crisis, asked):
    make.sharing_request(asked.resource, make.institution("other"))
    found = read("lending", query=f"?text={crisis.reference.lower()}")
    assert [row.record for row in found.context["table"].page] == [asked]
    assert not list(read("lending", query="?text=CR-99999").context["table"].page)


def test_both_sides_of_an_emergency_read_from_when_the_city_may_approve_it(read, owner, crisis):
    borrower = crisis.reach.get(institution__slug="borrower").institution
    device = make.equipment(owner, last_safety_test=timezone.localdate())
    make.offer(device)
    urgent = make.sharing_request(device, borrower, priority="urgent")
    stat = make.sharing_request(device, borrower, priority="stat")
    words = "the city may approve this emergency from"
    assert words in read("request-detail", stat.pk).content.decode()
    assert words not in read("request-detail", urgent.pk).content.decode()
    type(stat).unscoped.filter(pk=stat.pk).update(state="withdrawn", ended_at=timezone.now())
    assert words not in read("request-detail", stat.pk).content.decode()
