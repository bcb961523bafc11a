"""The inbox of somebody who stands in: what is answered in whose place, and true numbers of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db
INBOX = "/at/renhe/inbox/"


class Desk:
    """An engineer with checks of its own, who stands in for an approver and a pharmacist."""

    def __init__(self):
        now = timezone.now()
        self.owner, other = make.institution("renhe"), make.institution("dongbei")
        self.engineer = make.user("engineer", at=self.owner, role="biomedical_engineer")
        self.approver = make.user("wang.min", at=self.owner, role="approver")
        self.pharmacist = make.user("li.lei", at=self.owner, role="pharmacist")
        self.absences = [
            make.absence(person, self.engineer, at=self.owner)
            for person in (self.approver, self.pharmacist)
        ]
        device = make.equipment(self.owner, last_safety_test=now.date())
        make.offer(device)
        self.asked = make.sharing_request(device, other)
        past = {"starts_at": now - timedelta(hours=9), "ends_at": now - timedelta(hours=1)}
        self.back = make.sharing_request(device, other, state="finished", **past)
        self.lot = make.transfer(make.offered_lot(self.owner), other, state="requested")


@pytest.fixture
def desk(client):
    found = Desk()
    client.force_login(found.engineer)
    return found


def shown(client, query):
    answer = client.get(f"{INBOX}?{query}")
    assert (answer.status_code, answer.context["shown"]) == (200, len(answer.context["rows"]))
    return {row.task.request.pk for row in answer.context["rows"]}


def test_each_place_shows_what_is_answered_in_it(client, desk):
    asked, back, lot = desk.asked.pk, desk.back.pk, desk.lot.pk
    assert shown(client, "tab=waiting") == {asked, back, lot}
    assert shown(client, "deputy=own") == {back}
    assert shown(client, "deputy=any") == {asked, lot}
    assert shown(client, f"deputy={desk.approver.pk}") == {asked}
    assert shown(client, f"deputy={desk.pharmacist.pk}") == {lot}
    assert shown(client, f"deputy={desk.approver.pk}&kind=medicine") == set()


def test_what_waits_for_the_absent_is_one_click_away_and_counted(client, desk):
    page = client.get(INBOX)
    assert [(one["name"], one["count"]) for one in page.context["absent"]] == [
        ("Wang Min", 1),
        ("Li Lei", 1),
    ]
    assert f'href="?deputy={desk.approver.pk}"' in page.text


def test_when_they_are_back_a_kept_filter_finds_nothing_and_says_why(client, desk):
    for absence in desk.absences:
        absence.ends_at = absence.starts_at
        absence.save()
    page = client.get(f"{INBOX}?deputy={desk.approver.pk}")
    assert (page.status_code, page.context["rows"]) == (200, [])
    assert "a colleague who is back" in page.text
    assert "In whose place" not in client.get(f"{INBOX}?tab=waiting").text


@pytest.mark.parametrize("value", ["nobody", "-1", "1" * 40, "٣", "x' OR 1=1"])
def test_a_place_that_is_none_is_an_error_beside_its_field(client, desk, value):
    page = client.get(INBOX, {"deputy": value})
    assert (page.status_code, page.context["rows"]) == (400, [])
    assert page.context["filter"].form.errors["deputy"]
