"""Where a scanned or typed code leads: each side to its step, nobody else anywhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.note_codes import code_of
from scheduling.views.scanned import TRIES
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


@pytest.fixture
def device(owner):
    device = make.equipment(owner, units=3, public_id="label9")
    make.offer(device)
    return device


def book(device, borrower, now, **fields):
    fields = {"state": "approved", "starts_at": now + HOUR} | fields
    return make.sharing_request(device, borrower, now=now, **fields)


def sign_in(client, at, *roles):
    person = make.user(at=at, roles=roles or ["coordinator"])
    client.force_login(person)
    return person


def steps(client, address):
    """The address that it leads to, or the steps of the page with what each waits for."""
    answer = client.get(address)
    if answer.status_code == 302:
        return answer["Location"]
    assert answer.status_code == 200
    return [(due.step and due.step.name, bool(due.possible)) for due in answer.context["dues"]]


def test_several_bookings_of_a_device_are_a_choice(client, device, owner, borrower, now):
    first, second = book(device, borrower, now), book(device, make.institution("xihu"), now)
    sign_in(client, owner)
    page = client.get("/e/label9/")
    assert page.context["choice"] is True
    text = page.content.decode()
    for row in (first, second):
        assert f"/at/renhe/requests/{row.pk}/handover/?scanned=" in text
    sign_in(client, borrower)
    assert steps(client, "/e/label9/") == [("hand_over", False)]  # theirs only


def test_who_may_not_take_the_step_reads_what_comes_next(client, device, owner, borrower, now):
    book(device, borrower, now)
    sign_in(client, owner, "viewer")
    page = client.get("/e/label9/")
    assert (page.status_code, page.context["choice"]) == (200, False)
    assert "Only with the role" in page.content.decode()


def test_a_booking_of_next_week_says_from_when(client, device, owner, borrower, now):
    row = book(device, borrower, now, starts_at=now + 200 * HOUR)
    sign_in(client, owner)
    assert steps(client, "/e/label9/") == [("hand_over", False)]
    assert steps(client, f"/c/{code_of(row.pk)}/") == [("hand_over", False)]
    assert "before the start" in client.get("/e/label9/").content.decode()


def test_a_note_leads_each_side_of_every_kind_to_its_step(client, owner, borrower, now):
    lot = make.offered_lot(owner, expiry_date=(now + 900 * 24 * HOUR).date())
    transfer = make.transfer(lot, borrower, state="approved")
    sent = make.transfer(lot, borrower, state="underway")
    access = make.access_request(make.asset(owner), borrower, state="approved", now=now)
    opened = make.access_request(make.asset(owner), borrower, state="underway", now=now)
    sign_in(client, owner, "pharmacist", "information_steward")
    found = {row: steps(client, f"/c/{code_of(row.pk)}/") for row in (transfer, sent, access)}
    assert found[transfer].endswith(f"/medicines/requests/{transfer.pk}/dispatch/?scanned=note")
    assert found[sent] == [(None, False)]
    assert found[access] == [(None, False)]
    sign_in(client, borrower, "pharmacist", "information_steward")
    rows = (transfer, sent, access, opened)
    found = {row: steps(client, f"/c/{code_of(row.pk)}/") for row in rows}
    assert found[transfer] == [(None, False)]
    assert found[sent].endswith(f"/medicines/requests/{sent.pk}/receive/?scanned=note")
    assert found[access].endswith(f"/information/requests/{access.pk}/open/?scanned=note")
    assert found[opened] == [(None, False)]  # a scan ends nobody's access


def test_nobodys_anothers_and_a_made_up_code_are_one_and_the_same_page(
    client, device, borrower, now
):
    theirs = book(device, borrower, now)
    device.visibility = "private"
    device.save()
    sign_in(client, make.institution("xihu"))
    addresses = [
        f"/c/{code_of(theirs.pk)}/",  # another hospital's
        f"/c/{code_of(987654)}/",  # of a request that does not exist
        "/c/000-000-000/",
        "/c/nonsense/",
        "/e/label9/",  # a device that is not to be seen
        "/e/of-another-city/",
    ]
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [404] * len(addresses)
    bodies = {
        answer.content.decode().replace(a, "") for a, answer in zip(addresses, answers, strict=True)
    }
    texts = {body[body.index("<main") : body.index("</main>")] for body in bodies}
    assert len(texts) == 1
    (text,) = texts
    assert "another city" in text
    assert "其他城市" in text


def test_the_signed_out_sign_in_and_come_back(client, device, borrower, now):
    row = book(device, borrower, now)
    address = f"/c/{code_of(row.pk)}/"
    answer = client.get(address)
    assert (answer.status_code, answer["Location"].endswith(f"?next={address}")) == (302, True)


def test_a_typed_code_leads_where_the_scanned_one_does(client, device, owner, borrower, now):
    row = book(device, borrower, now)
    code = code_of(row.pk)
    sign_in(client, owner)
    for typed in (code, code.lower().replace("-", " "), f"http://127.0.0.1:8000/c/{code}/"):
        answer = client.post("/code/", {"code": typed})
        assert answer.status_code == 302
        assert steps(client, answer["Location"]) == (
            f"/at/renhe/requests/{row.pk}/handover/?scanned=note"
        )


@pytest.mark.parametrize(
    "typed",
    ["", "4K7", "000-000-00U", "https://other.example/c/4K7-QZ0-H2M/", "http://[::1/c/x/",
     "http://127.0.0.1:8000/admin/", "javascript://127.0.0.1:8000/c/x/%0aalert(1)", "x" * 301,
     "a\x00b", "汉字"],
)  # fmt: skip
def test_what_is_no_code_of_ours_says_so_beside_the_field(client, owner, typed):
    sign_in(client, owner)
    answer = client.post("/code/", {"code": typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_guessing_is_bounded_per_person(client, device, owner, borrower, now):
    right = code_of(book(device, borrower, now).pk)
    sign_in(client, owner)
    statuses = [client.post("/code/", {"code": "000-000-00U"}).status_code for _n in range(TRIES)]
    assert set(statuses) == {422}
    answer = client.post("/code/", {"code": right})
    assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 601) == (429, True)
    sign_in(client, owner)
    assert client.post("/code/", {"code": right}).status_code == 302


def test_wrong_codes_in_the_address_are_bounded_and_right_ones_are_not(
    client, device, owner, borrower, now
):
    right = f"/c/{code_of(book(device, borrower, now).pk)}/"
    sign_in(client, owner)
    assert {client.get(right).status_code for _n in range(TRIES + 1)} == {302}
    for n in range(TRIES):
        assert client.get(f"/c/{code_of(90_000 + n)}/").status_code == 404
    for address in (right, "/c/000-000-000/"):
        answer = client.get(address)
        assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 601) == (429, True)
    sign_in(client, owner)
    assert client.get(right).status_code == 302


def test_a_note_is_printed_by_both_sides_once_it_is_booked(client, device, owner, borrower, now):
    asked = book(device, borrower, now, state="requested")
    row = book(device, borrower, now)
    for at in (owner, borrower):
        sign_in(client, at)
        page = client.get(f"/at/{at.slug}/requests/{row.pk}/note/")
        text = page.content.decode()
        assert code_of(row.pk) in text
        assert "<svg" in text
        assert "style=" not in text
        assert client.get(f"/at/{at.slug}/requests/{asked.pk}/note/").status_code == 404
        assert code_of(row.pk) in client.get(f"/at/{at.slug}/requests/{row.pk}/").content.decode()
    stranger = make.institution("xihu")
    sign_in(client, stranger)
    assert client.get(f"/at/xihu/requests/{row.pk}/note/").status_code == 404
