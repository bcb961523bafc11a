"""What is asked for from the page of a need counts for it."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent
from reports.actions import demand
from reports.models import DemandFact
from scheduling.actions import decisions, needs, needs_alone
from scheduling.actions._need_terms import NeedTerms
from scheduling.models import Basket, BasketLine, NeedState, SharingRequest
from scheduling.queries.need_matching import requests_from
from scheduling.queries.rounds.wanted import of_need
from scheduling.states import State
from tests import make
from tests.scheduling.waiting.test_needs import again, help_with, post, told
from tests.scheduling.waiting.test_pages import KEY, at, moment, text

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def asker(client, city):
    client.force_login(city.asker)
    return client


def wish(city, need, **changes):
    starts_at, ends_at = need.starts_at, need.ends_at
    return KEY | {
        "starts_at": moment(starts_at), "ends_at": moment(ends_at), "units": 1,
        "priority": "routine", "mode": "loan", "purpose": "Ours is full",
        "delivery_site": city.first.sites.first().pk, "transport": "borrower",
        "agreement_accepted": "on", "do": "send",
    } | changes  # fmt: skip


def ask(asker, city, need, number=None, **changes):
    page = at("request-create", city.first, city.device.pk)
    number = need.pk if number is None else number
    times = f"starts_at={changes.get('starts_at', moment(need.starts_at))}"
    return asker.post(f"{page}?need={number}&{times}", wish(city, need, **changes))


def test_what_is_asked_from_the_need_meets_it_and_is_shown_on_its_page(asker, city, now):
    need = post(city, now)
    link = f"need={need.pk}"
    page = at("need-detail", city.first, need.pk)
    assert link in text(asker.get(page))
    assert ask(asker, city, need).status_code == 302
    made = SharingRequest.unscoped.get(need=need)
    shown = text(asker.get(page))
    assert made.reference in shown
    assert link not in shown  # nobody else has one
    assert AuditEvent.unscoped.filter(action="need.asked", chain="first").count() == 1
    by = make.user(at=city.owner, role="approver")
    decisions.approve(sharing_request=made, by=by, now=now)
    assert of_need(need, now=now).missing == 0
    assert needs_alone.meet(now=now) == 1
    assert again(need).state == NeedState.MET


def test_another_day_or_another_need_is_not_of_it(asker, city, now):
    need, theirs = post(city, now), post(city, now, institution=city.second, by=city.rival)
    for count, number in enumerate((theirs.pk, "x", "9" * 30, "999")):
        late = now + (200 + 50 * count) * HOUR
        times = {"starts_at": moment(late), "ends_at": moment(late + HOUR)}
        key = {"idempotency_key": f"{count}-key-of-a-form"}
        assert ask(asker, city, need, number, **times, **key).status_code == 302
    assert not SharingRequest.unscoped.filter(need__isnull=False).exists()
    late = {"starts_at": moment(now + 500 * HOUR), "ends_at": moment(now + 501 * HOUR)}
    ask(asker, city, need, **late, idempotency_key="a-further-key-of-a-form")
    assert not requests_from(need).exists()


def test_a_line_of_a_basket_keeps_its_need(asker, city, now):
    need = post(city, now)
    ask(asker, city, need, do="basket")
    assert BasketLine.unscoped.get().typed["need"] == [str(need.pk)]
    sent = {"together": "possible", "version": Basket.unscoped.get().version, "message": ""}
    key = {"idempotency_key": "the-key-of-the-basket"}
    assert asker.post(at("basket-draft", city.first), sent | key).status_code == 302
    assert SharingRequest.unscoped.get(borrower=city.first).need == need


def test_of_a_need_that_was_met_in_part_the_rest_is_unmet(city, now):
    need = post(city, now, terms={"quantity": 3})
    help_with(city, need, now)
    make.sharing_request(
        city.device, city.first, state=State.APPROVED, starts_at=need.starts_at,
        ends_at=need.ends_at, now=now,
    )  # fmt: skip
    needs_alone.expire(now=need.expires_at)
    demand.record(now=need.expires_at)
    fact = DemandFact.unscoped.get(source="need")
    assert (fact.quantity, fact.outcome) == (2, "unmet")


def test_what_was_approved_at_the_last_moment_has_met_the_need(city, now):
    need = post(city, now)
    make.sharing_request(
        city.device, city.first, state=State.APPROVED, starts_at=need.starts_at,
        ends_at=need.ends_at, need=need, now=now,
    )  # fmt: skip
    assert needs_alone.expire(now=need.expires_at) == 1
    assert again(need).state == NeedState.MET


def test_a_need_by_a_moment_says_how_many_and_when(asker, city, now):
    need = post(
        city, now,
        terms={"starts_at": None, "ends_at": None, "needed_by": now + 10 * HOUR, "quantity": 3},
    )  # fmt: skip
    many = make.equipment(city.owner, units=5, last_safety_test=now.date())
    make.offer(many, now=now)
    help_with(city, need, now, resource=many)
    page = text(asker.get(at("need-detail", city.first, need.pk)))
    path = at("request-create", city.first, many.pk)
    [address] = {part for part in page.split('"') if part.startswith(path)}
    shown = asker.get(address.replace("&amp;", "&"))
    assert shown.status_code == 200
    initial = shown.context["form"].initial
    assert (initial["units"], initial["starts_at"]) == (3, need.needed_by)


def test_who_answered_hears_what_became_of_the_need(city, now):
    need = post(city, now, terms={"quantity": 2})
    answer = help_with(city, need, now)
    terms = NeedTerms(starts_at=need.starts_at, ends_at=need.ends_at, quantity=3)
    changed = needs.amend(need=need, terms=terms, version=1, by=city.asker, now=now)
    assert told("need-of-answer") == [answer.answered_by_id]
    make.sharing_request(
        city.device, city.first, starts_at=need.starts_at, ends_at=need.ends_at, now=now
    )
    needs.withdraw(need=changed, by=city.asker, now=now)
    assert told("need-of-answer") == [answer.answered_by_id]  # the request says more
    other = post(city, now, terms={"starts_at": now + 200 * HOUR, "ends_at": now + 220 * HOUR})
    answers = [help_with(city, other, now).answered_by_id]
    needs.withdraw(need=other, by=city.asker, now=now)
    assert told("need-of-answer") == sorted([answer.answered_by_id, *answers])
