"""Post, tell once, amend, answer, meet, expire."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent, Notification
from medshare_portal.refusals import StaleVersion
from resources.search import tokens_of
from scheduling.actions import decisions, needs, needs_alone, requests
from scheduling.actions._need_terms import NeedTerms, TimePast, TooFarAhead
from scheduling.actions.requests import RequestTerms
from scheduling.models import Need, NeedAmendment, NeedState
from scheduling.queries.need_matching import needs_for, requests_from, that_we_could_serve
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


def test_the_same_need_is_posted_once(city, now):
    first = post(city, now)
    with pytest.raises(needs.PostedAlready, match=first.reference):
        post(city, now, terms={"within_km": 10, "note": "Soon, please"})
    post(city, now, terms={"priority": "urgent", "justification": "Ours failed"})
    post(city, now, institution=city.second, by=city.rival)
    needs.withdraw(need=first, by=city.asker, now=now)
    post(city, now)


def test_a_window_that_began_long_ago_is_amended_but_not_posted(city, now):
    begun = {"starts_at": now - HOUR, "ends_at": now + 50 * HOUR}
    with pytest.raises(TimePast) as refused:
        post(city, now, terms=begun)
    assert refused.value.field == "starts_at"
    need = post(city, now - 2 * HOUR, terms=begun)
    more = NeedTerms(**begun, quantity=2)
    needs.amend(need=need, terms=more, version=1, by=city.asker, now=now)
    assert again(need).quantity == 2


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


def test_several_are_met_only_when_all_are_approved(city, now):
    need = post(city, now, terms={"quantity": 2})
    other = make.equipment(city.owner, category=city.device.category)
    for device, met in ((city.device, 0), (other, 1)):
        help_with(city, need, now, resource=device)
        make.sharing_request(
            device, city.first, state="approved", starts_at=need.starts_at, ends_at=need.ends_at,
            now=now,
        )  # fmt: skip
        assert needs_alone.meet(now=now) == met


def test_who_has_it_only_later_is_told_later_and_once(city, now):
    post(city, now)
    assert needs_alone.tell(now=now) == 1
    late = make.user(at=city.second, role="coordinator")
    make.equipment(city.second, category=city.device.category)
    assert needs_alone.tell(now=now + 23 * HOUR) == 0
    for hours in (24, 48):
        needs_alone.tell(now=now + hours * HOUR)
        assert told("need-others").count(late.pk) == 1


def test_a_need_in_words_reaches_those_whose_things_are_named_so(city, now):
    make.user(at=city.owner, role="coordinator")
    words = " ".join(tokens_of("Balloon pump Arrow 3 主动脉球囊泵"))
    pump = make.equipment(city.owner, name_en="Balloon pump", search_text=words)
    for what in ("arrow pump", "球囊泵"):
        need = post(city, now, what=what, category=None)
        assert (need, pump) in that_we_could_serve(city.owner)
        assert need in needs_for(pump)
        assert need not in needs_for(city.device)
    nobody = post(city, now, what="arrow catheter", category=None)
    assert nobody not in [need for need, _have in that_we_could_serve(city.owner)]
    needs_alone.tell(now=now)
    keys = Notification.unscoped.filter(event="need-others").values_list("object_id", flat=True)
    assert str(nobody.pk) not in map(str, keys)
    assert len(keys) == 2 * len(set(Notification.unscoped.values_list("user_id", flat=True)))


def take_back(city, answer, now):
    by = make.user(at=city.owner, role="coordinator")
    needs.take_back(answer=answer, by=by, now=now)


def test_an_answer_is_taken_back_once_and_can_be_given_again(city, now):
    need = post(city, now)
    answer = help_with(city, need, now)
    take_back(city, answer, now + HOUR)
    assert told("need-taken-back") == [city.asker.pk]
    with pytest.raises(needs.TakenBackAlready):
        take_back(city, answer, now + HOUR)
    assert help_with(city, need, now + 2 * HOUR).pk != answer.pk


def test_an_answer_for_which_a_request_waits_or_was_approved_stays(city, now):
    need = post(city, now)
    answer = help_with(city, need, now)
    asked = make.sharing_request(
        city.device, city.first, starts_at=need.starts_at, ends_at=need.ends_at, now=now
    )
    with pytest.raises(needs.AskedAlready):
        take_back(city, answer, now)
    asked = requests.withdraw(sharing_request=asked, by=city.asker, now=now)
    take_back(city, answer, now)


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
        ({"starts_at": -3 * HOUR, "ends_at": -2 * HOUR}, TimePast),
        ({"starts_at": HOUR, "ends_at": 24 * 400 * HOUR}, TooFarAhead),
    ],
)
def test_post_refuses_times_that_cannot_be_served(city, now, terms, refusal):
    with pytest.raises(refusal):
        post(city, now, terms={name: now + span for name, span in terms.items()})
    assert not Need.unscoped.exists()
