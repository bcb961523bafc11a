"""Out of office in the portal: the form, the list, the frame of a deputy."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Absence
from tests import make

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "out-of-office-1"}
DAY = timedelta(days=1)


@pytest.fixture
def renhe():
    return make.institution("renhe")


@pytest.fixture
def approver(renhe, client):
    person = make.user("wang.min", at=renhe, role="approver")
    client.force_login(person)
    return person


@pytest.fixture
def deputy(renhe):
    return make.user("li.lei", at=renhe, role="viewer")


def address(name="absence-enter", *more):
    return reverse(f"portal:{name}", args=["renhe", *more])


def days(named, **changes):
    today = timezone.localdate() + DAY
    values = {"deputy": named.pk, "from_day": today.isoformat()}
    return values | {"until_day": (today + DAY).isoformat()} | KEY | changes


def test_an_absence_is_entered_once_and_listed(client, approver, deputy):
    sent = days(deputy, note="Ring first.")
    response, _again = (client.post(address(), sent, follow=True) for _click in range(2))
    assert Absence.unscoped.count() == 1
    assert "Li Lei stands in for Wang Min and has been told." in response.text
    assert "deputy: Li Lei · Ring first." in response.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"deputy": ""}, "This field is required"),
        ({"deputy": "987654321"}, "Select a valid choice"),
        ({"deputy": "x' OR 1=1"}, "Select a valid choice"),
        ({"from_day": "31 February"}, "Enter a valid date"),
        ({"from_day": "9999-12-31", "until_day": "9999-12-31"}, "too far ahead"),
        ({"until_day": "2001-01-01"}, "The last day is before the first."),
        ({"note": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(client, approver, deputy, changes, words):
    response = client.post(address(), days(deputy, **changes))
    assert response.status_code == 422
    assert words in response.text
    assert not Absence.unscoped.exists()


def test_somebody_of_another_hospital_is_no_choice(client, approver):
    stranger = make.user(at=make.institution("xihu"), role="approver")
    assert client.post(address(), days(stranger)).status_code == 422


def test_who_may_not_enter_for_others_enters_the_own(client, approver, deputy):
    other = make.user("other", at=approver.groups.get().role_group.institution, role="viewer")
    client.post(address(), days(deputy, user=other.pk))
    assert Absence.unscoped.get().user == approver


def test_a_coordinator_enters_for_a_colleague_but_never_names_itself(client, renhe, deputy):
    coordinator = make.user("coordinator", at=renhe, role="coordinator")
    colleague = make.user("colleague", at=renhe, role="approver")
    client.force_login(coordinator)
    refused = client.post(address(), days(coordinator, user=colleague.pk))
    assert (refused.status_code, Absence.unscoped.count()) == (422, 0)
    assert "cannot be the deputy" in refused.text
    client.post(address(), days(deputy, user=colleague.pk, idempotency_key="another-key"))
    assert Absence.unscoped.get().entered_by == coordinator


def test_a_note_is_read_by_those_two_and_who_manages_absences(client, renhe, approver, deputy):
    make.absence(approver, deputy, at=renhe, note="Canary in the note")
    readers = {"approver": approver, "deputy": deputy}
    readers |= {role: make.user(at=renhe, role=role) for role in ("coordinator", "viewer")}
    seen = set()
    for name, reader in readers.items():
        client.force_login(reader)
        text = client.get(address("absences")).text
        assert "deputy: Li Lei" in text
        if "Canary" in text:
            seen.add(name)
    assert seen == {"approver", "deputy", "coordinator"}


def test_the_deputy_reads_in_the_frame_for_whom_it_stands_in(client, renhe, approver, deputy):
    absence = make.absence(approver, deputy, at=renhe)
    client.force_login(deputy)
    assert "Deputy for Wang Min" in client.get(address("absences")).text
    assert client.get(reverse("portal:audit", args=["renhe"])).status_code == 200
    client.post(address("absence-end", absence.pk), KEY)
    assert "Deputy for Wang Min" not in client.get(address("absences")).text
    assert client.get(reverse("portal:audit", args=["renhe"])).status_code == 403


def test_an_absence_that_is_over_is_not_ended_again(client, renhe, approver, deputy):
    absence = make.absence(approver, deputy, at=renhe)
    address_of_end = address("absence-end", absence.pk)
    assert client.post(address_of_end, KEY).status_code == 302
    assert client.post(address_of_end, KEY).status_code == 302  # the same click twice
    again = client.post(address_of_end, {"idempotency_key": "a-later-click"})
    assert (again.status_code, "This absence is over." in again.text) == (409, True)


def test_the_own_page_leads_to_it(client, approver):
    assert f'href="{address("absences")}"' in client.get(reverse("profile")).text


def test_the_inbox_says_for_whom_a_task_is_answered(client, renhe, approver, deputy):
    make.sharing_request(make.equipment(renhe), make.institution("xihu"))
    make.absence(approver, deputy, at=renhe)
    inbox = reverse("scheduling:inbox", args=["renhe"])
    client.force_login(deputy)
    assert "as deputy for Wang Min" in client.get(inbox).text
    client.force_login(approver)
    assert "as deputy for" not in client.get(inbox).text
