"""The city goes through a crisis in its pages: declare, approve, end, and the list after it."""

import csv
import io
import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from medshare_portal.models import AuditEvent, Crisis, CrisisAct, Notification
from medshare_portal.submissions import FIELD
from scheduling.states import Priority, State
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DECLARED = {
    "name_en": "Flood in the south",
    "name_zh": "南部洪灾",
    "reason": "The southern pumps failed.",
    "where": "city",
    "kinds": ["equipment"],
    "relaxed": ["wider-visibility", "city-approval", "shorter-notice"],
    "hours": "72",
    "wait_minutes": "0",
}


@pytest.fixture
def official(client):
    person = make.city_user()
    client.force_login(person)
    return person


@pytest.fixture
def pair():
    return make.institution("owner"), make.institution("borrower")


def post(client, address, data, key=""):
    return client.post(address, data | {FIELD: key or secrets.token_hex(8)})


def declare(client, key="", **changes):
    return post(client, "/city/crises/declare/", DECLARED | {"confirmed": "on"} | changes, key)


def emergency(owner, borrower, **fields):
    device = make.equipment(owner, last_safety_test=timezone.localdate())
    make.offer(device)
    values = {"priority": Priority.STAT, "agreement_accepted_at": timezone.now()}
    return make.sharing_request(device, borrower, **values | fields)


def test_declaring_asks_once_more_and_tells_everybody(client, official, pair):
    owner, _borrower = pair
    head = make.user(at=owner, role="approver")
    onlooker = make.user(at=owner, role="viewer")
    asked = post(client, "/city/crises/declare/", DECLARED)
    assert asked.status_code == 200
    assert "Institutions within the scope: 2" in asked.content.decode()
    assert 'name="confirmed" value="on"' in asked.content.decode()
    assert not Crisis.objects.exists()
    answer = declare(client)
    crisis = Crisis.objects.get()
    assert answer["Location"] == f"/city/crises/{crisis.pk}/"
    assert (crisis.whole_city, crisis.reach.count(), crisis.relaxations.count()) == (True, 2, 3)
    assert crisis.ends_at - crisis.starts_at == 72 * HOUR
    told = Notification.unscoped.filter(event="crisis.declared").values_list("user", flat=True)
    assert set(told) == {official.pk, head.pk}
    assert onlooker.pk not in told
    assert AuditEvent.unscoped.get(action="crisis.declared").chain == "city"


def test_a_double_click_declares_once_and_a_second_crisis_is_refused(client, official, pair):
    first, again = declare(client, "the-same-key"), declare(client, "the-same-key")
    assert first["Location"] == again["Location"]
    assert declare(client).status_code == 409
    assert Crisis.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hours", "0"),
        ("hours", "337"),
        ("hours", "99999999999999999999"),
        ("hours", "x"),
        ("wait_minutes", "-1"),
        ("wait_minutes", "1441"),
        ("kinds", ["beds"]),
        ("kinds", []),
        ("relaxed", ["safety"]),
        ("relaxed", []),
        ("reason", ""),
        ("reason", "x" * 2001),
        ("where", "moon"),
        ("where", "districts"),
        ("where", "chosen"),
    ],
)
@pytest.mark.parametrize("confirmed", ["", "on"])
def test_bad_input_is_said_beside_its_field(client, official, pair, field, value, confirmed):
    answer = declare(client, **{field: value, "confirmed": confirmed})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Crisis.objects.exists()


def test_both_names_missing_and_unknown_institutions_are_refused(client, official, pair):
    assert declare(client, name_en="", name_zh="").status_code == 422
    chosen = {"where": "chosen", "institutions": ["987654", "1"]}
    assert declare(client, **chosen).status_code == 422
    closed = make.institution("closed", status="closed")
    chosen = {"where": "chosen", "institutions": [closed.pk, pair[0].pk]}
    assert declare(client, **chosen).status_code == 422


def test_districts_and_chosen_institutions_are_the_scope(client, official, pair):
    owner, borrower = pair
    type(owner).unscoped.filter(pk__in=[owner.pk, borrower.pk]).update(district_en="South")
    far = make.institution("far", district_en="North")
    declare(client, where="districts", districts=["South"])
    crisis = Crisis.objects.get()
    assert set(crisis.reach.values_list("institution", flat=True)) == {owner.pk, borrower.pk}
    client.force_login(make.user(at=far, role="viewer"))
    assert "crisis-bar" not in client.get("/at/far/").content.decode()


def test_nobody_but_an_official_declares_extends_ends_or_approves(client, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower)
    request = emergency(owner, borrower)
    pages = ["declare/", f"{crisis.pk}/extend/", f"{crisis.pk}/end/"]
    pages += [f"{crisis.pk}/requests/{request.pk}/"]
    forged = DECLARED | {"confirmed": "on"}
    for person, status in (
        (make.user(at=owner, role="approver"), 404),
        (make.city_user("admin", role="registry_admin"), 403),
    ):
        client.force_login(person)
        for page in pages:
            assert post(client, f"/city/crises/{page}", forged).status_code == status
    crisis.refresh_from_db()
    request.refresh_from_db()
    assert (crisis.is_open, CrisisAct.objects.count(), request.state) == (
        True,
        1,
        State.REQUESTED,
    )


def test_the_banner_is_read_by_those_within_the_scope_only_while_it_runs(client, pair):
    owner, borrower = pair
    outside = make.institution("outside")
    crisis = make.crisis(owner, borrower)
    for institution, shown in ((owner, True), (borrower, True), (outside, False)):
        client.force_login(make.user(at=institution, role="viewer"))
        text = client.get(f"/at/{institution.slug}/crisis/").content.decode()
        assert ("crisis-bar" in text) is shown
        assert ("The southern pumps failed" in text) is shown
    Crisis.objects.filter(pk=crisis.pk).update(ends_at=timezone.now())
    client.force_login(make.user(at=owner, role="viewer"))
    assert "crisis-bar" not in client.get("/at/owner/").content.decode()


def test_approve_in_the_owners_place_then_end_and_read_what_was_done(client, official, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, by=official)
    request = emergency(owner, borrower)
    page = client.get(f"/city/crises/{crisis.pk}/").content.decode()
    assert f"/city/crises/{crisis.pk}/requests/{request.pk}/" in page
    assert request.purpose not in page
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    assert request.purpose not in client.get(address).content.decode()
    reason = {"reason": "Three patients wait.", "version": "1"}
    assert post(client, address, reason).status_code == 200
    done = post(client, address, reason | {"confirmed": "on"})
    assert done["Location"] == f"/city/crises/{crisis.pk}/"
    request.refresh_from_db()
    assert (request.state, request.crisis_id) == (State.APPROVED, crisis.pk)
    ended = post(client, f"/city/crises/{crisis.pk}/end/", {"reason": "Over", "confirmed": "on"})
    assert ended.status_code == 302
    page = client.get(f"/city/crises/{crisis.pk}/")
    report = page.context["report"]
    assert [deed.request for deed in report.by_city] == [request]
    assert {each.code: number for each, number in report.used} == {
        "wider-visibility": 0,
        "city-approval": 1,
        "shorter-notice": 0,
    }
    assert "Three patients wait." in page.content.decode()
    assert post(client, address, reason).status_code == 404
    file = client.post(f"/city/crises/{crisis.pk}/export/", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [(row["reference"], row["answered_by"]) for row in rows] == [(request.reference, "city")]
    assert AuditEvent.unscoped.filter(action="crisis.exported", chain="city").exists()


def test_an_emergency_for_information_is_the_owners_only(client, official, pair):
    """The city opens nobody's data: it reads that somebody waits, and finds nothing to press."""
    owner, borrower = pair
    crisis = make.crisis(owner, borrower, kinds=("information",), by=official)
    request = make.access_request(make.asset(owner), borrower, priority=Priority.STAT)
    page = client.get(f"/city/crises/{crisis.pk}/")
    assert [row.request for row in page.context["emergencies"]] == [request]
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    assert address not in page.content.decode()
    assert post(client, address, {"reason": "x", "confirmed": "on"}).status_code == 404


def test_a_request_outside_the_scope_is_not_there(client, official, pair):
    owner, borrower = pair
    crisis = make.crisis(owner, make.institution("third"), by=official)
    request = emergency(owner, borrower)
    address = f"/city/crises/{crisis.pk}/requests/{request.pk}/"
    assert client.get(address).status_code == 404
    assert post(client, address, {"reason": "x", "confirmed": "on"}).status_code == 404
    assert client.get(f"/city/crises/{crisis.pk}/requests/{2**63}/").status_code == 404


def test_wider_visibility_comes_and_goes_with_the_crisis(client, pair):
    owner, borrower = pair
    device = make.equipment(owner, visibility="named", name_en="CANARY-NAMED")
    make.offer(device, visibility="named", conditions="CANARY-TERMS")
    kept = make.equipment(owner, visibility="private", name_en="CANARY-PRIVATE")
    client.force_login(make.user(at=borrower, role="coordinator"))

    def seen():
        listed = client.get("/at/borrower/resources/").content.decode()
        statuses = [
            client.get(f"/at/borrower/resources/{row.pk}/").status_code for row in (device, kept)
        ]
        assert "CANARY-PRIVATE" not in listed
        return ["CANARY-NAMED" in listed, *statuses]

    assert seen() == [False, 404, 404]
    crisis = make.crisis(owner, borrower, kinds=("medicine",))
    assert seen() == [False, 404, 404]
    end(crisis)
    crisis = make.crisis(owner, make.institution("third"))
    assert seen() == [False, 404, 404]
    end(crisis)
    crisis = make.crisis(owner, borrower, relaxed=("shorter-notice",))
    assert seen() == [False, 404, 404]
    end(crisis)
    crisis = make.crisis(owner, borrower)
    assert seen() == [True, 200, 404]
    Crisis.objects.filter(pk=crisis.pk).update(ends_at=timezone.now())  # no job has closed it yet
    assert seen() == [False, 404, 404]


def end(crisis):
    """Past its automatic end."""
    gone = timezone.now()
    Crisis.objects.filter(pk=crisis.pk).update(ends_at=gone, is_open=False, ended_at=gone)
