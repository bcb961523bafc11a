"""Post, tell once, amend, answer, meet, expire."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent, Notification
from medshare_portal.refusals import StaleVersion
from scheduling.actions import decisions, needs, needs_alone, requests
from scheduling.actions.needs import NeedTerms
from scheduling.actions.requests import RequestTerms
from scheduling.models import Need, NeedAmendment, NeedState
from scheduling.queries.need_matching import requests_from
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def post(city, now, **fields):
    terms = {"starts_at": now + 96 * HOUR, "ends_at": now + 120 * HOUR} | fields.pop("terms", {})
    values = {
        "institution": city.first,
        "kind": "equipment",
        "what": "ventilator",
        "category": city.device.category,
        "by": city.asker,
        "now": now,
    }
    return needs.post(**values | fields, terms=NeedTerms(**terms))


def told(code):
    return sorted(Notification.unscoped.filter(event=code).values_list("user_id", flat=True))


def again(need):
    return Need.unscoped.get(pk=need.pk)


def test_those_who_have_it_are_told_once_wherever_it_is_listed(city, now):
    lender = make.user(at=city.owner, role="coordinator")
    drafting = make.institution("drafting")
    make.equipment(drafting, category=city.device.category, status="draft", visibility="private")
    other = make.user(at=drafting, role="coordinator")
    retired = make.institution("retired")
    make.equipment(retired, category=city.device.category, status="retired")
    make.user(at=retired, role="coordinator")
    need = post(city, now)
    assert (needs_alone.tell(now=now), needs_alone.tell(now=now)) == (1, 0)
    assert told("need-others") == sorted([lender.pk, other.pk])
    needs.amend(
        need=need, version=1, by=city.asker, now=now,
        terms=NeedTerms(
            starts_at=need.starts_at, ends_at=need.ends_at, within_km=50,
            site=city.first.sites.first(),
        ),
    )  # fmt: skip
    assert needs_alone.tell(now=now + HOUR) == 1
    assert told("need-others") == sorted([lender.pk, other.pk])


def test_who_is_too_far_away_is_not_told(city, now):
    make.user(at=city.owner, role="coordinator")
    home = make.site(city.first, latitude=city.device.site.latitude + 1, is_main=False)
    post(city, now, terms={"site": home, "within_km": 10})
    needs_alone.tell(now=now)
    assert told("need-others") == []


def test_what_was_before_an_amendment_is_kept_and_a_stale_form_changes_nothing(city, now):
    need = post(city, now)
    terms = NeedTerms(starts_at=need.starts_at, ends_at=need.ends_at, quantity=3)
    needs.amend(need=need, terms=terms, version=1, by=city.asker, now=now)
    assert NeedAmendment.unscoped.get().changes == {"quantity": ["1", "3"]}
    with pytest.raises(StaleVersion):
        needs.amend(need=need, terms=terms, version=1, by=city.asker, now=now)
    with pytest.raises(needs.NothingChanged):
        needs.amend(need=need, terms=terms, version=2, by=city.asker, now=now)


def help_with(city, need, now, **fields):
    values = {
        "need": need,
        "institution": city.owner,
        "resource": city.device,
        "note": "From Thursday on",
        "by": make.user(at=city.owner, role="coordinator"),
        "now": now,
    }
    return needs.answer(**values | fields)


def test_a_request_from_an_answer_meets_the_need_when_it_is_approved(city, now):
    need = post(city, now)
    help_with(city, need, now)
    assert told("need-answered") == [city.asker.pk]
    asked = requests.ask(
        resource=city.device,
        borrower=city.first,
        terms=RequestTerms(
            starts_at=need.starts_at, ends_at=need.ends_at, purpose="x", agreement_accepted=True
        ),
        by=city.asker,
        now=now,
    )
    assert [one.pk for one in requests_from(need)] == [asked.pk]
    assert needs_alone.meet(now=now) == 0
    decisions.approve(
        sharing_request=asked, by=make.user(at=city.owner, role="approver"), now=now,
        version=asked.version,
    )  # fmt: skip
    assert (needs_alone.meet(now=now), needs_alone.meet(now=now)) == (1, 0)
    assert again(need).state == NeedState.MET
    assert told("need-met") == [city.asker.pk]
    assert AuditEvent.unscoped.filter(action="need.met", chain="first").count() == 1


def test_a_request_for_another_device_is_not_of_the_need(city, now):
    need = post(city, now)
    help_with(city, need, now)
    other = make.equipment(city.owner, last_safety_test=now.date())
    make.offer(other, now=now)
    requests.ask(
        resource=other,
        borrower=city.first,
        terms=RequestTerms(
            starts_at=need.starts_at, ends_at=need.ends_at, purpose="x", agreement_accepted=True
        ),
        by=city.asker,
        now=now,
    )
    assert not requests_from(need).exists()


def test_answer_refuses_what_is_not_ours_and_a_second_answer(city, now):
    need = post(city, now)
    theirs = make.equipment(city.second)
    with pytest.raises(needs.CannotServe):
        help_with(city, need, now, resource=theirs)
    with pytest.raises(needs.OwnNeed):
        help_with(city, need, now, institution=city.first, by=city.asker)
    help_with(city, need, now)
    with pytest.raises(needs.AnsweredAlready):
        help_with(city, need, now)


def test_a_need_ends_by_itself_once_its_time_has_passed(city, now):
    need = post(city, now, terms={"flexible_hours": 10})
    assert needs_alone.expire(now=now + 129 * HOUR) == 0
    assert (needs_alone.expire(now=now + 130 * HOUR), needs_alone.expire(now=now + 130 * HOUR)) == (
        1, 0,
    )  # fmt: skip
    assert again(need).state == NeedState.EXPIRED
    assert told("need-expired") == [city.asker.pk]
    with pytest.raises(needs.NeedEnded):
        needs.withdraw(need=need, by=city.asker, now=now)


def test_withdraw_ends_a_need_and_later_requests_are_not_of_it(city, now):
    need = needs.withdraw(need=post(city, now), by=city.asker, now=now)
    assert (need.state, need.ended_at) == (NeedState.WITHDRAWN, now)
    with pytest.raises(needs.NeedEnded):
        help_with(city, need, now)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"starts_at": -3 * HOUR, "ends_at": -2 * HOUR}, needs.TimePast),
        ({"starts_at": HOUR, "ends_at": 24 * 400 * HOUR}, needs.TooFarAhead),
    ],
)
def test_post_refuses_times_that_cannot_be_served(city, now, terms, refusal):
    with pytest.raises(refusal):
        post(city, now, terms={name: now + span for name, span in terms.items()})
    assert not Need.unscoped.exists()
