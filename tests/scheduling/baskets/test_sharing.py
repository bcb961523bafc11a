"""A basket that colleagues put together: each line is asked for by the right of who put it in."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from medshare_portal.audit_words import facts_in_words
from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import basket_outcome, baskets
from scheduling.actions._lock import NotYours
from scheduling.actions.basket_sending import LinesRefused, RightGone
from scheduling.models import Basket, BasketLine, SharingRequest
from tests import make
from tests.make.baskets import basket_line, draft, send_draft
from tests.scheduling.baskets.test_kinds import mixed, terms
from tests.scheduling.baskets.test_pages import at

pytestmark = pytest.mark.django_db
__all__ = ["mixed"]


@pytest.fixture
def ward(mixed):
    """A coordinator with a device in its draft, and the pharmacist of the same house."""
    mixed.asker = make.user("sender.here", at=mixed.borrower, role="coordinator")
    mixed.pharmacist = make.user("pharmacist.here", at=mixed.borrower, role="pharmacist")
    mixed.basket, mixed.lines = draft(mixed, mixed.devices)
    return mixed


def open_to_colleagues(ward, **changes):
    return make.shared(ward.basket, by=ward.asker, now=ward.now, **changes)


def fill(ward):
    """The pharmacist puts packs into the own draft, then into the coordinator's basket."""
    basket_line(ward.borrower, ward.lot.resource, ward.pharmacist, now=ward.now)
    own = Basket.unscoped.get(created_by=ward.pharmacist)
    with transaction.atomic():
        return baskets.put_in(source=own, target=ward.basket, by=ward.pharmacist, now=ward.now)


def send(ward):
    basket = Basket.unscoped.select_related("borrower", "created_by").get(pk=ward.basket.pk)
    lines = BasketLine.unscoped.filter(basket=basket).order_by("pk")
    lines = list(lines.select_related("resource__institution", "added_by"))
    device, _shift, packs, _access = terms(ward)
    return send_draft(ward, basket, lines, terms=[device, packs])


def told(person):
    return set(Notification.objects.addressed_to(person).values_list("event", flat=True))


def test_a_coordinator_and_a_pharmacist_send_one_message(ward):
    open_to_colleagues(ward, people=[ward.pharmacist])
    assert told(ward.pharmacist) == {"basket-invited"}
    assert fill(ward) == 1
    assert "basket-filled" in told(ward.asker)
    sent = send(ward)
    rows = SharingRequest.unscoped.filter(basket=sent).order_by("pk")
    assert list(rows.values_list("kind", "created_by")) == [
        ("equipment", ward.asker.pk),
        ("medicine", ward.pharmacist.pk),
    ]
    event = AuditEvent.unscoped.get(chain="borrower", action="basket.send")
    assert event.actor_id == ward.asker.pk
    assert event.data["put_in_by"] == f"{ward.pharmacist}, {ward.asker}"


def test_a_right_that_is_gone_when_it_is_sent_stops_its_line(ward):
    open_to_colleagues(ward)
    fill(ward)
    ward.pharmacist.groups.set(Group.objects.none())
    with pytest.raises(LinesRefused) as refused, transaction.atomic():
        send(ward)
    (why,) = refused.value.refusals.values()
    assert isinstance(why, RightGone)
    assert str(ward.pharmacist) in str(why.message)
    assert not SharingRequest.unscoped.filter(basket=ward.basket).exists()


def test_nobody_puts_into_a_basket_that_is_not_open_or_another_houses(ward):
    with pytest.raises(baskets.NotShared):
        fill(ward)
    open_to_colleagues(ward)
    stranger = make.user("stranger", at=ward.lab, roles=("coordinator", "pharmacist"))
    basket_line(ward.lab, ward.devices[0], stranger, now=ward.now)
    own = Basket.unscoped.get(created_by=stranger)
    with pytest.raises(NotYours), transaction.atomic():
        baskets.put_in(source=own, target=ward.basket, by=stranger, now=ward.now)


def test_only_who_wrote_a_line_or_sends_the_basket_changes_it(ward):
    open_to_colleagues(ward)
    line = ward.lines[0]
    with pytest.raises(NotYours), transaction.atomic():
        baskets.take_out(line=line, by=ward.pharmacist, now=ward.now)
    fill(ward)
    packs = BasketLine.unscoped.get(added_by=ward.pharmacist)
    baskets.take_out(line=packs, by=ward.asker, now=ward.now)
    assert not BasketLine.unscoped.filter(pk=packs.pk).exists()


def test_who_sent_it_takes_it_back_whatever_colleagues_put_in(ward):
    open_to_colleagues(ward)
    fill(ward)
    sent = send(ward)
    with pytest.raises(NotYours), transaction.atomic():
        basket_outcome.take_back(basket=sent, by=ward.pharmacist, now=ward.now)
    basket_outcome.take_back(basket=sent, by=ward.asker, now=ward.now)
    assert Basket.unscoped.get(pk=sent.pk).state == "released"
    assert "basket-released" in told(ward.pharmacist)


def test_the_pages_lead_a_colleague_through(ward):
    shown = at(ward.asker, ward.borrower, "basket-draft").content.decode()
    assert "Your role does not ask for Medicine" in shown
    answer = at(
        ward.asker,
        ward.borrower,
        "basket-share",
        data={"still_needed": "20 packs", "colleagues": [ward.pharmacist.pk]},
    )
    assert answer.status_code == 302
    listed = at(ward.pharmacist, ward.borrower, "baskets").content.decode()
    assert "20 packs" in listed
    basket_line(ward.borrower, ward.lot.resource, ward.pharmacist, now=ward.now)
    shared = at(ward.pharmacist, ward.borrower, "basket-shared", ward.basket.pk)
    assert "Put in my 1 item" in " ".join(shared.content.decode().split())
    put = at(ward.pharmacist, ward.borrower, "basket-put-in", ward.basket.pk, data={})
    assert put.status_code == 302
    drafted = at(ward.asker, ward.borrower, "basket-draft").content.decode()
    assert f"Put in by {ward.pharmacist}" in drafted
    again = at(ward.pharmacist, ward.borrower, "basket-put-in", ward.basket.pk, data={})
    assert again.status_code == 422


def test_an_opened_draft_is_closed_again_and_keeps_what_was_put_in(ward):
    open_to_colleagues(ward)
    fill(ward)
    lines = BasketLine.unscoped.filter(basket=ward.basket).count()
    assert "basket-unshare" not in at(ward.pharmacist, ward.borrower, "basket-draft").text
    assert "/draft/unshare/" in at(ward.asker, ward.borrower, "basket-draft").text
    assert at(ward.asker, ward.borrower, "basket-unshare").status_code == 200
    closed = at(ward.asker, ward.borrower, "basket-unshare", data={})
    assert closed.url == "/at/borrower/baskets/draft/"
    draft = Basket.unscoped.get(pk=ward.basket.pk)
    assert (draft.shared_at, draft.still_needed, draft.lines.count()) == (None, "", lines)
    hidden = at(ward.pharmacist, ward.borrower, "basket-shared", ward.basket.pk)
    assert hidden.status_code == 404
    again = at(ward.asker, ward.borrower, "basket-unshare", data={})
    assert again.status_code == 409
    assert AuditEvent.unscoped.filter(chain="borrower", action="basket.unshare").count() == 1


def test_what_ended_with_its_basket_says_so_on_the_baskets_page(ward):
    open_to_colleagues(ward)
    fill(ward)
    sent = send(ward)
    basket_outcome.take_back(basket=sent, by=ward.asker, now=ward.now)
    page = at(ward.asker, ward.borrower, "basket-detail", sent.pk).text
    assert page.count("Released with its basket") == sent.items.count()


def test_a_basket_that_is_not_open_or_was_sent_is_no_ones_draft(ward):
    hidden = at(ward.pharmacist, ward.borrower, "basket-shared", ward.basket.pk)
    assert hidden.status_code == 404
    open_to_colleagues(ward)
    fill(ward)
    send(ward)
    address = at(ward.pharmacist, ward.borrower, "basket-shared", ward.basket.pk)
    assert address.url == f"/at/borrower/baskets/{ward.basket.pk}/"


@pytest.mark.parametrize(
    "wrong", [{"still_needed": ""}, {"still_needed": "x" * 301}, {"colleagues": ["999999"]}]
)
def test_what_colleagues_are_asked_is_checked(ward, wrong):
    stranger = make.user("stranger", at=ward.lab, role="coordinator")
    good = {"still_needed": "20 packs", "colleagues": [ward.pharmacist.pk]}
    for values in (good | wrong, good | {"colleagues": [stranger.pk]}):
        answer = at(ward.asker, ward.borrower, "basket-share", data=values)
        assert answer.status_code == 422
    assert Basket.unscoped.get(pk=ward.basket.pk).shared_at is None


def test_a_full_basket_takes_no_more(ward, monkeypatch):
    open_to_colleagues(ward)
    monkeypatch.setattr(baskets, "most_items", lambda: 1)
    basket_line(ward.borrower, ward.lot.resource, ward.pharmacist, now=ward.now)
    own = Basket.unscoped.get(created_by=ward.pharmacist)
    with pytest.raises(baskets.BasketFull), transaction.atomic():
        baskets.put_in(source=own, target=ward.basket, by=ward.pharmacist, now=ward.now)
    assert BasketLine.unscoped.filter(basket=own).count() == 1


def test_the_audit_trail_names_who_was_asked_and_who_put_in(ward):
    open_to_colleagues(ward, people=[ward.pharmacist])
    fill(ward)
    send(ward)
    events = AuditEvent.unscoped.filter(chain="borrower", action__startswith="basket.")
    words = {event.action: dict(facts_in_words(event)) for event in events}
    assert words["basket.share"]["Colleagues asked"] == str(ward.pharmacist)
    assert str(ward.pharmacist) in words["basket.send"]["Put in by"]
