"""Entering people: what is kept of a licence, what others read, bad input."""

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent
from resources.kinds.staff.licence_numbers import BadNumber, checked, digest, masked
from resources.models import Resource, StaffMember
from tests import make

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "key-of-a-form"}
NUMBER = "110100000012"


@pytest.fixture
def home():
    return make.institution("home")


@pytest.fixture
def manager(home, client):
    person = make.user(at=home, role="staffing_manager")
    client.force_login(person)
    return person


def filled(home, **changes):
    values = {
        "code": "RH-0417",
        "category": make.profession().pk,
        "site": home.sites.get().pk,
        "room": "Ward 3",
        "detail-person_name": "Li Xiaomei",
        "detail-title_level": "junior",
        "detail-specialties": [make.specialty().pk],
        "detail-licence_kind": "nurse",
        "detail-licence_masked": NUMBER,
        "detail-licence_valid_until": "2040-01-01",
        "detail-licence_status": "active",
        "detail-licence_source": "register",
        "detail-licence_verified_by": "Personnel office",
        "detail-licence_verified_on": "2026-01-05",
    }
    return values | changes | KEY


def enter(client, home, **changes):
    address = reverse("resources:resource-create", args=["home", "staff"])
    return client.post(address, filled(home, **changes))


def test_a_person_is_entered_with_a_public_name_of_codes_and_no_licence_number(
    client, home, manager
):
    assert enter(client, home).status_code == 302
    member = StaffMember.unscoped.select_related("resource").get()
    assert member.resource.name_en == "Nurse, intensive care"
    assert member.resource.name_zh == "护士（重症医学科）"
    assert (member.licence_masked, member.licence_digest) == ("••••••••0012", digest(NUMBER))
    stored = " ".join(str(value) for value in StaffMember.unscoped.values().get().values())
    assert NUMBER not in stored
    told = " ".join(str(event.data) for event in AuditEvent.unscoped.all())
    assert NUMBER not in told


def test_a_licence_number_stands_for_one_person_in_the_city(client, home, manager):
    other = make.person(make.institution("other"))
    StaffMember.unscoped.filter(resource=other).update(licence_digest=digest(NUMBER))
    answer = enter(client, home, **{"detail-licence_masked": " 1101 0000-0012 "})
    assert answer.status_code == 422
    assert "This licence number is registered already." in answer.text
    assert Resource.unscoped.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("detail-licence_masked", "", "Enter the number of the licence."),
        ("detail-licence_masked", "12345", "12 digits."),
        ("detail-licence_masked", "１２３\x00", "Null characters are not allowed."),
        ("detail-licence_valid_until", "", "A nurse’s registration ends after five years"),
        ("detail-licence_verified_on", "2199-01-01", "This day is still to come."),
        ("detail-licence_verified_by", "", "Enter who verified it."),
        ("detail-practising_since", "1800", "This is no year in which somebody began"),
        ("detail-licence_kind", "pilot", "Select a valid choice"),
        ("detail-person_name", "", "This field is required."),
        ("code", "", "This field is required."),
    ],
)
def test_bad_input_is_named_and_changes_nothing(client, home, manager, field, value, message):
    answer = enter(client, home, **{field: value})
    assert (answer.status_code, message in answer.text) == (422, True)
    assert not Resource.unscoped.exists()


def test_a_physician_needs_a_category(client, home, manager):
    changes = {"detail-licence_kind": "physician", "detail-licence_masked": "110330000012345"}
    answer = enter(client, home, **changes)
    assert "A physician’s licence has a category." in answer.text
    assert (
        enter(client, home, **changes, **{"detail-licence_category": "clinical"}).status_code == 302
    )


def test_an_edit_keeps_the_number_that_is_not_filled_in_again(client, home, manager):
    enter(client, home)
    person = Resource.unscoped.get()
    address = reverse("resources:resource-edit", args=["home", person.pk])
    assert "Registered: ••••••••0012." in client.get(address).text
    changes = {"detail-licence_masked": "", "detail-title_level": "senior", "version": 1}
    answer = client.post(address, filled(home, **changes) | {"idempotency_key": "another-key"})
    assert answer.status_code == 302
    member = StaffMember.unscoped.get()
    assert (member.title_level, member.licence_digest) == ("senior", digest(NUMBER))
    event = AuditEvent.unscoped.get(action="resource.revised")
    assert event.data == {"title_level": ["junior", "senior"]}


def test_only_the_owner_reads_name_and_licence_and_finds_by_the_name(client, home, manager):
    enter(client, home)
    Resource.unscoped.update(status="listed", visibility="all", confirmed_at=timezone.now())
    person = Resource.unscoped.get()
    page = reverse("resources:resource-detail", args=["home", person.pk])
    assert "Li Xiaomei" in client.get(page).text
    found = client.get(
        reverse("resources:resource-list", args=["home"]), {"kind": "staff", "q": "Xiaomei"}
    )
    assert "RH-0417" in found.text

    other = make.institution("other")
    client.force_login(make.user(at=other, role="coordinator"))
    theirs = client.get(reverse("resources:resource-detail", args=["other", person.pk])).text
    assert "RH-0417" in theirs
    for secret in ("Li Xiaomei", "0012", "Personnel office"):
        assert secret not in theirs
    found = client.get(
        reverse("resources:resource-list", args=["other"]), {"kind": "staff", "q": "Xiaomei"}
    )
    assert "RH-0417" not in found.text


def test_papers_are_entered_shown_with_their_end_and_removed(client, home, manager):
    person = make.person(home)
    host = make.institution("host")
    add = reverse("resources:paper-add", args=["home", person.pk, "basis"])
    values = {
        "host": host.pk,
        "basis": "consultation",
        "evidence": "Letter 7",
        "valid_from": "2026-01-01",
        "valid_until": "2026-02-01",
        **KEY,
    }
    assert client.post(add, values).status_code == 302
    page = client.get(reverse("resources:resource-detail", args=["home", person.pk])).text
    assert "Host Hospital · Consultation" in page
    basis = person.bases.get()
    gone = reverse("resources:paper-remove", args=["home", "basis", basis.pk])
    assert client.post(gone, {"idempotency_key": "another-key"}).status_code == 302
    assert not person.bases.exists()
    kinds = [
        event.data["paper"] for event in AuditEvent.unscoped.filter(action__startswith="staff.")
    ]
    assert kinds == ["practicebasis", "practicebasis"]


@pytest.mark.parametrize(
    ("sort", "changes", "message"),
    [
        ("basis", {"evidence": ""}, "This field is required."),
        ("basis", {"valid_until": "2025-01-01"}, "It ends before it starts."),
        ("basis", {"valid_from": "2101-01-01"}, "This date is too far away."),
        ("basis", {"host": "987654321"}, "Select a valid choice."),
        ("indemnity", {"valid_until": "soon"}, "Enter a valid date."),
        ("credential", {"kind": "competency"}, "Choose the competency."),
        ("credential", {"kind": "training", "title": ""}, "Say what it is."),
        (
            "credential",
            {"kind": "training", "verified_on": "2090-01-01"},
            "This day is still to come.",
        ),
    ],
)
def test_bad_papers_are_named_and_not_kept(client, home, manager, sort, changes, message):
    person = make.person(home)
    person.credentials.all().delete()
    values = {
        "host": make.institution("host").pk,
        "basis": "consultation",
        "evidence": "Letter 7",
        "valid_from": "2026-01-01",
        "valid_until": "2026-02-01",
        "insurer": "City Mutual",
        "reference": "P-1",
        "source": "document",
        "title": "Course",
        "verified_by": "Personnel",
        "verified_on": "2026-01-01",
    }
    address = reverse("resources:paper-add", args=["home", person.pk, sort])
    answer = client.post(address, values | changes | KEY)
    assert (answer.status_code, message in answer.text) == (422, True)
    papers = [person.bases, person.indemnities, person.credentials]
    assert [rows.count() for rows in papers] == [0, 0, 0]


def test_an_unknown_sort_of_paper_is_not_found(client, home, manager):
    person = make.person(home)
    address = f"/at/home/staff/{person.pk}/papers/diploma/add/"
    assert client.get(address).status_code == 404


def test_a_licence_number_is_masked_and_compared_in_its_normal_form():
    assert masked("1101 0000 0012") == "••••••••0012"
    assert digest("１１０１-00000012") == digest(NUMBER)
    assert len(digest(NUMBER)) == 64
    with pytest.raises(BadNumber):
        checked("11010000001a", "nurse")
