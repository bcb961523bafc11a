"""What came up to the city: late answers of every sort, who must give them, and nobody's name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent, Notification
from medshare_portal.navigation import counts_for
from scheduling.models import SharingRequest, SignOff, TimeChange
from scheduling.states import Rung, Side
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Late:
    """One late answer of each sort, and some that have not come so far."""

    def __init__(self):
        self.now = timezone.now()
        self.owner = make.institution("renhe", name_en="Renhe General")
        self.borrower = make.institution("dongbei", name_en="Dongbei Central")
        self.official = make.city_user()
        self.asker = make.user("asker.canary", at=self.borrower, role="coordinator")
        self.answer = self.ask("requested", days=9)
        self.check = self.ask("finished", days=8, starts_at=self.now - 12 * DAY)
        longer = self.ask("underway", rung=Rung.NONE, starts_at=self.now - DAY)
        self.longer = make.time_change(longer, new_ends_at=self.now + 3 * DAY, by=self.asker)
        TimeChange.unscoped.update(due_at=self.now - 7 * DAY, escalation=Rung.CITY)
        asked = self.ask("requested", rung=Rung.NONE)
        self.consent = SignOff.unscoped.create(
            sharing_request=asked, part="host", side=Side.BORROWER, asked_at=self.now - 9 * DAY,
            due_at=self.now - 6 * DAY, escalation=Rung.CITY,
        )  # fmt: skip
        self.ask("requested", rung=Rung.HEAD, days=30)
        self.ask("declined", days=30)

    def ask(self, state, *, rung=Rung.CITY, days=0, **fields):
        device = make.equipment(self.owner)
        row = make.sharing_request(
            device, self.borrower, state=state, by=self.asker, purpose="purpose-canary", **fields
        )
        values = {"due_at": self.now - days * DAY, "escalation": rung}
        SharingRequest.unscoped.filter(pk=row.pk).update(**values)
        return row


@pytest.fixture
def late(client):
    found = Late()
    client.force_login(found.official)
    return found


def shown(client, query=""):
    page = client.get(f"{reverse('city:late')}?{query}")
    assert page.status_code == 200
    return [
        (row.key.request, str(row.key.what), row.by.slug) for row, _words in page.context["rows"]
    ]


def test_the_longest_overdue_comes_first_with_who_must_answer(client, late):
    every = [
        (late.answer.pk, "answer", "renhe"),
        (late.check.pk, "check", "renhe"),
        (late.longer.sharing_request_id, "extension", "renhe"),
        (late.consent.sharing_request_id, "consent", "dongbei"),
    ]
    assert shown(client) == every
    assert shown(client, f"by={late.borrower.pk}") == every[3:]
    assert shown(client, "what=check") == every[1:2]
    assert shown(client, "kind=medicine") == []


def test_no_person_and_no_purpose_is_read_there(client, late):
    text = client.get(reverse("city:late")).text
    assert "4 late answers have come to the city" in text
    assert [word for word in ("purpose-canary", "canary", str(late.asker)) if word in text] == []


def test_what_is_answered_is_gone_and_a_quiet_city_says_so(client, late):
    SharingRequest.unscoped.update(escalation=Rung.NONE)
    TimeChange.unscoped.update(escalation=Rung.NONE)
    SignOff.unscoped.update(escalation=Rung.NONE)
    assert "No late answer has come to the city" in client.get(reverse("city:late")).text


@pytest.mark.parametrize("query", ["by=987654321", "by=x", "what=tea", "kind=x'--", "by=%00"])
def test_a_filter_that_is_none_is_an_error_beside_its_field(client, late, query):
    page = client.get(f"{reverse('city:late')}?{query}")
    assert (page.status_code, page.context["rows"]) == (400, [])


def test_it_takes_as_many_statements_for_many(client, late, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        client.get(reverse("city:late"))
    for _more in range(4):
        late.ask("requested", days=20)
    with django_assert_max_num_queries(16):
        assert len(shown(client)) == 8


def remind(client, pk, key="remind-000001"):
    return client.post(reverse("city:late-remind", args=[pk]), {"idempotency_key": key})


def test_the_city_reminds_once_a_day_and_it_is_written_down(client, late):
    approver = make.user(at=late.owner, role="approver")
    page = client.get(reverse("city:late-remind", args=[late.answer.pk]))
    assert "Renhe General" in page.text
    assert not Notification.unscoped.filter(event="city-reminds").exists()
    assert remind(client, late.answer.pk).status_code == 302
    told = Notification.unscoped.filter(event="city-reminds")
    assert approver.pk in set(told.values_list("user", flat=True))
    assert set(told.values_list("institution", flat=True)) == {late.owner.pk}
    number = told.count()
    trails = AuditEvent.unscoped.filter(action="request.city_reminds", actor_id=late.official.pk)
    assert set(trails.values_list("chain", flat=True)) == {"renhe", "dongbei", AuditEvent.CITY}
    again = remind(client, late.answer.pk, "remind-000002")
    assert again.status_code == 409
    assert "within the last day" in again.text
    assert told.count() == number
    assert "Reminded" in client.get(reverse("city:late")).text


def test_who_owes_a_consent_is_reminded_on_that_side(client, late):
    staff = make.user(at=late.borrower, role="approver")
    remind(client, late.consent.sharing_request_id)
    told = Notification.unscoped.filter(event="city-reminds")
    assert set(told.values_list("user", flat=True)) == {staff.pk, late.asker.pk}


def test_what_is_not_late_is_not_there_to_be_reminded_of(client, late):
    other = SharingRequest.unscoped.get(state="declined")
    assert remind(client, other.pk).status_code == 404
    assert client.get(reverse("city:late-remind", args=[987654321])).status_code == 404


def test_a_row_leads_on_and_names_the_desks_phone(client, late):
    type(late.owner).unscoped.filter(pk=late.owner.pk).update(contact_phone="021 5550 1000")
    make.city_invitation(late.answer, by=late.asker, now=late.now)
    text = client.get(reverse("city:late")).text
    assert reverse("city:conversation", args=[late.answer.pk]) in text
    assert reverse("city:conversation", args=[late.check.pk]) not in text
    assert reverse("city:scorecard", args=[late.owner.pk]) in text
    assert "021 5550 1000" in text


def test_the_navigation_counts_what_is_late_and_unread(client, late):
    request = client.get(reverse("city:late")).wsgi_request
    assert counts_for(request) == {"late": 4, "conversations": 0, "crises": 0, "city-statements": 0}
    make.city_invitation(late.answer, by=late.asker, now=late.now)
    for _two in range(2):
        make.message(late.answer, by=late.asker, now=late.now + timedelta(minutes=1))
    SignOff.unscoped.update(escalation=Rung.NONE)
    request = client.get(reverse("city:late")).wsgi_request
    assert counts_for(request) == {"late": 3, "conversations": 1, "crises": 0, "city-statements": 0}
