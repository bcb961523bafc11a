"""What the pages and the paper of a transfer say once it was called off, recalled or closed."""

from datetime import timedelta

import pytest

from resources.kinds.medicine.actions.states import recall
from scheduling.actions.requests import cancel
from scheduling.states import Side

pytestmark = pytest.mark.django_db


def story_of(at, person, request):
    return at(person, "scheduling:request-detail", request.pk).text


def test_what_was_called_off_waits_for_no_signature(at, sides, lot, go, now):
    request = go.to(lot, "approved")
    assert "/sign/director/" in story_of(at, sides.director, request)
    cancel(
        sharing_request=request, side=Side.OWNER, by=sides.sender, now=now,
        reason_code="own_need", text="",
    )  # fmt: skip
    told = story_of(at, sides.director, request)
    assert "/sign/director/" not in told
    assert "Not answered" in told
    assert "Waiting for an answer" not in told


def test_a_recalled_lot_that_was_rejected_is_not_on_hold_for_ever(at, sides, lot, go, now):
    request = go.to(lot, "underway")
    recall(
        institution=sides.owner, approval_no=lot.approval_no, lot_no=lot.lot_no,
        reference="Notice 9", reason="Glass", by=sides.sender, now=now,
    )  # fmt: skip
    told = story_of(at, sides.sender, request)
    assert "On hold" in told.split("<h2>")[0]
    assert "Notice 9" in told
    go.receive(request, accepted=0, rejected=20, difference_reason="Recalled")
    request.refresh_from_db()
    go.close(request)
    told = story_of(at, sides.sender, request)
    assert "On hold" not in told.split("<h2>")[0]
    for words in (">Sender<", ">Receiver<", ">Dispatched<", ">Received<"):
        assert words in told, words


def test_the_paper_has_room_for_the_count_and_says_when_it_must_not_be_used(
    at, sides, lot, go, now
):
    request = go.to(lot, "underway")
    note = at(sides.sender, "scheduling:medicine-note", request.pk).text
    for what in ("Packs accepted", "Packs rejected", "Packs lost", "Temperature", "Signature"):
        assert what in note, what
    assert "On hold" not in note
    recall(
        institution=sides.owner, approval_no=lot.approval_no, lot_no=lot.lot_no,
        reference="Notice 9", reason="Glass", by=sides.sender, now=now,
    )  # fmt: skip
    assert "On hold" in at(sides.sender, "scheduling:medicine-note", request.pk).text


def test_a_missing_reason_is_said_beside_its_field(at, sides, offered, go, ask, today):
    offered(expiry_date=today + timedelta(days=200))
    request = ask(offered(expiry_date=today + timedelta(days=300)))
    decision = {"decision": "approve", "quantity": "20", "version": request.version, "reason": ""}
    page = at(sides.sender, "scheduling:medicine-decide", request.pk, data=decision)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"reason"}


def test_a_rule_is_named_in_words_and_advises_no_more_than_is_offered(at, sides, offered, today):
    lot = offered(quantity=30)
    fields = {
        "quantity": "900", "expected_on": today.isoformat(), "priority": "routine",
        "delivery_site": sides.borrower.sites.get().pk, "purpose": "Ours runs out.", "reason": "",
    }  # fmt: skip
    page = at(sides.receiver, "scheduling:medicine-ask", lot.pk, data=fields)
    assert page.status_code == 409
    assert "Stop: More than is offered" in page.text
    assert "Stop: Not used up before it expires" in page.text
    assert "Ask for at most 30 packs." in page.text
