"""Several requests approved or declined at once: each row is done, or says why not."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from medshare_portal.models import SubmittedForm
from resources.models import Equipment
from scheduling.actions.batches import MOST, LostToAnother
from scheduling.models import AccessGrant, SharingRequest
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BATCH = "/at/renhe/inbox/batch/"
_keys = count(1)


def key():
    return f"batch-test-{next(_keys):06d}"


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


@pytest.fixture
def approver(client, owner):
    person = make.user("approver.renhe", at=owner, role="approver")
    client.force_login(person)
    return person


@pytest.fixture
def asked(owner, borrower, now):
    """A function that makes a request for a device of its own."""

    def ask(**technical):
        device = make.equipment(owner, last_safety_test=timezone.now().date())
        if technical:
            Equipment.unscoped.filter(resource=device).update(**technical)
        make.offer(device)
        return make.sharing_request(
            device,
            borrower,
            starts_at=now + 24 * HOUR,
            due_at=now + 48 * HOUR,
            agreement_accepted_at=now,
        )

    return ask


def send(client, rows, **fields):
    ticked = [f"{row.pk}.{row.version}" for row in rows]
    return client.post(BATCH, {"pk": ticked, "do": "approve", "idempotency_key": key()} | fields)


def reasons(client, rows):
    """Of each warning of these rows why it is passed."""
    page = send(client, rows, look="approve")
    names = page.context["form"].fields
    return {name: "Checked." for name in names if name.startswith("accepted_")}


def states():
    return dict(SharingRequest.unscoped.values_list("pk", "state"))


def test_what_passes_is_approved_together(client, approver, asked):
    rows = [asked() for _number in range(3)]
    answer = send(client, rows, back="kind=equipment&page=7&evil=1")
    assert (answer.status_code, answer["Location"]) == (302, "/at/renhe/inbox/?kind=equipment")
    assert set(states().values()) == {"approved"}
    words = [str(each) for each in client.get("/at/renhe/inbox/").context["messages"]]
    assert words == ["3 requests approved."]


def test_one_that_fails_stops_no_other_stays_ticked_and_says_why(client, approver, asked):
    good, blocked, other = asked(), asked(status="down"), asked()
    answer = send(client, [good, blocked, other])
    assert answer.status_code == 200
    assert states() == {good.pk: "approved", blocked.pk: "requested", other.pk: "approved"}
    assert [row.pk for row in answer.context["done"]] == [good.pk, other.pk]
    (row,) = answer.context["rows"]
    assert row.request == blocked
    assert [finding["code"] for finding, _field in row.findings] == ["EQ-01"]
    text = answer.content.decode()
    assert f'checked\n                   value="{blocked.pk}.1"' in text
    assert "1 request was not approved" in text
    assert "Those that still wait stay ticked" in text


def test_where_nothing_was_done_the_answer_is_an_error(client, approver, asked):
    blocked = asked(status="down")
    answer = send(client, [blocked])
    assert (answer.status_code, states()) == (409, {blocked.pk: "requested"})


def test_a_warning_asks_for_its_reason_and_is_then_passed(client, approver, asked):
    warned = asked(status="degraded", status_note="no battery")
    answer = send(client, [warned])
    assert (answer.status_code, states()) == (409, {warned.pk: "requested"})
    (row,) = answer.context["rows"]
    name = f"accepted_{warned.pk}_EQ-01"
    assert [bound.html_name for _finding, bound in row.findings] == [name]
    assert f'name="{name}"' in answer.content.decode()
    assert send(client, [warned], **{name: "Mains only there"}).status_code == 302
    warned.refresh_from_db()
    assert [entry["reason"] for entry in warned.accepted_findings] == ["Mains only there"]


def test_declining_shows_first_what_is_ticked_and_needs_a_coded_reason(client, approver, asked):
    rows = [asked(), asked(status="down")]
    ticked = [f"{row.pk}.{row.version}" for row in rows]
    look = client.post(BATCH, {"pk": ticked, "look": "decline"})
    assert (look.status_code, set(states().values())) == (200, {"requested"})
    assert 'name="reason_code"' in look.content.decode()
    missing = send(client, rows, do="decline")
    assert (missing.status_code, set(states().values())) == (422, {"requested"})
    assert missing.context["form"].errors.keys() == {"reason_code"}
    unknown = send(client, rows, do="decline", reason_code="no")
    assert len(unknown.context["form"].errors["reason_code"]) == 1
    done = send(client, rows, do="decline", reason_code="own_need", text="Winter plan")
    assert (done.status_code, set(states().values())) == (302, {"declined"})
    codes = SharingRequest.unscoped.values_list("decision_code", "decision_text")
    assert set(codes) == {("own_need", "Winter plan")}


def test_the_same_form_again_does_only_the_rest(client, approver, asked):
    good, blocked = asked(), asked(status="down")
    same = {"idempotency_key": key()}
    first, again = (send(client, [good, blocked], **same) for _time in range(2))
    assert [answer.status_code for answer in (first, again)] == [200, 200]
    assert [row.pk for row in again.context["done"]] == [good.pk]
    good.refresh_from_db()
    assert (good.state, good.version) == ("approved", 2)
    assert SubmittedForm.objects.filter(user=approver).count() == 1  # what was refused claims none


def test_a_request_that_changed_since_it_was_ticked_is_not_decided(client, approver, asked):
    row = asked()
    SharingRequest.unscoped.filter(pk=row.pk).update(version=5)
    answer = send(client, [row])
    assert (answer.status_code, states()) == (409, {row.pk: "requested"})
    assert "changed this record" in answer.content.decode()
    row.refresh_from_db()
    assert f'value="{row.pk}.5"' in answer.content.decode()


def test_what_a_colleague_decided_meanwhile_says_so(client, approver, asked):
    row = asked()
    send(client, [row], do="decline", reason_code="other")
    answer = send(client, [row])
    assert (answer.status_code, states()) == (409, {row.pk: "declined"})
    (shown,) = answer.context["rows"]
    assert shown.task is None
    text = answer.content.decode()
    assert "None of them waits any more" in text
    assert 'name="pk"' not in text
    assert 'name="do"' not in text  # nothing is left to answer


def test_others_requests_wrong_numbers_and_none_at_all_change_nothing(
    client, approver, asked, borrower, now
):
    ours, stranger = asked(), make.institution("xihu")
    device = make.equipment(stranger)
    make.offer(device)
    theirs = make.sharing_request(device, borrower, starts_at=now + 24 * HOUR)
    before = states()
    wrong = [[theirs.pk], [], ["x"], ["9" * 400], ["1.x"], [ours.pk, theirs.pk], [f"{ours.pk}.0.1"]]
    wrong.append([ours.pk] * (MOST + 1))
    for ticked in wrong:
        form = {"pk": ticked, "do": "approve", "idempotency_key": key()}
        assert (ticked, client.post(BATCH, form).status_code) == (ticked, 422)
    for fields in ({"do": "nonsense"}, {"do": "decline", "reason_code": "no"}, {"text": "a\x00b"}):
        assert send(client, [ours], **fields).status_code == 422
    assert client.post(BATCH, {"pk": [ours.pk], "do": "approve"}).status_code == 400
    assert states() == before


def test_transfers_are_approved_whole_and_what_the_stock_does_not_hold_says_why(
    client, owner, borrower
):
    """Each by its kind's own action: packs are reserved one after the other."""
    client.force_login(make.user(at=owner, role="pharmacist"))
    make.medicine_use(borrower, 40)
    lot = make.offered_lot(owner, stock=20)
    rows = [make.transfer(lot, borrower, packs=12) for _number in range(2)]
    answer = send(client, rows, **reasons(client, rows))
    assert answer.status_code == 200
    assert sorted(states().values()) == ["approved", "requested"]
    (refused,) = answer.context["rows"]
    assert refused.refusal is not None
    lot.refresh_from_db()
    assert lot.reserved == 12


def test_accesses_are_granted_as_they_were_asked(client, owner, borrower):
    client.force_login(make.user(at=owner, role="information_steward"))
    rows = [make.access_request(make.asset(owner), borrower, looks=looks) for looks in (1, 4)]
    assert send(client, rows).status_code == 302
    found = AccessGrant.unscoped.order_by("pk").values_list("sharing_request__quantity", flat=True)
    assert [int(looks) for looks in found] == [1, 4]
    assert all(grant.valid_until == grant.asked_until for grant in AccessGrant.unscoped.all())


def test_a_transfer_is_declined_with_a_reason(client, owner, borrower):
    client.force_login(make.user(at=owner, role="pharmacist"))
    transfer = make.transfer(make.offered_lot(owner), borrower, state="requested")
    answer = send(client, [transfer], do="decline", reason_code="own_need")
    assert (answer.status_code, states()) == (302, {transfer.pk: "declined"})


def test_who_decides_over_one_kind_decides_nothing_of_another(client, owner, asked):
    row = asked()
    client.force_login(make.user(at=owner, role="pharmacist"))
    assert send(client, [row]).status_code == 422
    assert states() == {row.pk: "requested"}


def test_nothing_of_a_get_is_decided(client, approver, asked):
    row = asked()
    assert client.get(BATCH, {"pk": [row.pk], "do": "approve"}).status_code == 200
    assert states() == {row.pk: "requested"}


def test_who_loses_to_another_ticked_one_is_told_so(client, asked, approver, now):
    first = asked()
    second = make.sharing_request(
        first.resource, make.institution("xihu"), starts_at=now + 25 * HOUR,
        due_at=now + 49 * HOUR, agreement_accepted_at=now,
    )  # fmt: skip
    looked = send(client, [first, second], look="approve")
    assert f"{second.borrower.name} {second.reference}</a>" in looked.content.decode()
    unseen = send(client, [first, second])
    assert (unseen.status_code, set(states().values())) == (422, {"requested"})
    seen = {f"rivals_{first.pk}": second.pk, f"rivals_{second.pk}": first.pk}
    page = send(client, [first, second], **seen)
    assert states() == {first.pk: "approved", second.pk: "declined"}
    refused = {row.request.pk: row.refusal for row in page.context["rows"]}
    assert isinstance(refused[second.pk], LostToAnother)


def test_a_lot_out_of_turn_has_a_field_for_its_reason(client, owner, borrower):
    client.force_login(make.user(at=owner, role="pharmacist"))
    lot = make.offered_lot(owner, stock=20)
    make.medicine_use(borrower, 40)
    make.medicine_lot(owner, lot_no="EARLIER", expiry_date=lot.expiry_date - timedelta(days=5))
    row = make.transfer(lot, borrower, packs=5)
    assert send(client, [row]).context["rows"][0].badge[0] == "warn"
    given = reasons(client, [row])
    assert list(given) == [f"accepted_{row.pk}_MED-07"]
    assert send(client, [row], **given).status_code == 302
    assert states() == {row.pk: "approved"}
