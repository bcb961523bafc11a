"""Steps that are made in an absent colleague's place: said everywhere, and still four eyes."""

from datetime import timedelta

import pytest

from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import decisions, deputies
from scheduling.actions._lock import NotYours
from scheduling.models import TransitionLog
from scheduling.queries.detail import story
from scheduling.states import State
from tests import make
from tests.scheduling.actions.loan import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(city):
    """The approver is away, the engineer stands in."""
    city.absence = make.absence(city.approver, city.engineer, at=city.owner)
    return city


def decline(request, by, now):
    return decisions.decline(
        sharing_request=request, by=by, now=now, reason_code="own_need", text="Full house."
    )


def last_step(request):
    return TransitionLog.objects.of(request).order_by("-pk").first()


def test_every_step_says_in_whose_place_it_was_made(away, now):
    request = ask(away, now)
    decisions.approve(sharing_request=request, by=away.engineer, now=now)
    log = last_step(request)
    absent = str(away.approver)
    assert (log.transition, log.by, log.data["deputy_for"]) == ("approve", away.engineer, absent)
    for place in (away.owner, away.borrower):
        event = AuditEvent.objects.owned_by(place).order_by("-sequence").first()
        assert (event.actor_id, event.data["deputy_for"]) == (away.engineer.pk, absent)
    newest = story(request).log[0]
    assert newest.who == f"{away.engineer} as deputy for {absent}"


def test_by_the_own_right_nothing_is_said(away, now):
    make.grant(away.engineer, "approver", at=away.owner)
    request = ask(away, now)
    decline(request, away.engineer, now)
    assert "deputy_for" not in last_step(request).data


def test_what_was_a_deputys_step_does_not_colour_the_next(away, now):
    mine = make.sharing_request(away.resource, away.borrower, by=away.asker, now=now)
    decline(mine, away.engineer, now)
    own = make.sharing_request(away.resource, away.borrower, state=State.FINISHED, by=away.asker)
    make.grant(away.engineer, "approver", at=away.owner)
    assert away.engineer.deputy_for is not None
    again = make.sharing_request(away.resource, away.borrower, by=away.asker, now=now)
    decline(again, away.engineer, now)
    assert "deputy_for" not in last_step(again).data
    assert own.state == State.FINISHED


def test_when_it_is_over_the_deputy_decides_nothing(away, now):
    request = ask(away, now)
    away.absence.ends_at = away.absence.starts_at
    away.absence.save()
    with pytest.raises(NotYours):
        decline(request, away.engineer, now)


@pytest.mark.parametrize("asker", ["engineer", "approver"])
def test_nobody_decides_the_own_request_nor_that_of_the_absent_person(away, now, asker):
    request = make.sharing_request(away.resource, away.borrower, by=getattr(away, asker), now=now)
    with pytest.raises(decisions.FourEyes):
        decline(request, away.engineer, now)
    assert last_step(request).transition == "ask"


def test_by_the_own_right_the_absent_persons_request_is_decided(away, now):
    second = make.user(at=away.owner, role="approver")
    request = make.sharing_request(away.resource, away.borrower, by=away.approver, now=now)
    assert decline(request, second, now).state == State.DECLINED


def test_a_deputy_who_begins_is_told_once_what_waits_that_was_not_its_own_before(city, now):
    ask(city, now)
    begins = {"starts_at": now - timedelta(minutes=30), "entered_at": now - timedelta(days=2)}
    absence = make.absence(city.approver, city.engineer, at=city.owner, **begins)
    for _twice in range(2):
        deputies.tell_of_beginning(now=now)
    told = Notification.unscoped.get(event="absence.waiting")
    assert (told.user, told.object_id, told.context["number"]) == (city.engineer, absence.pk, 1)


def test_who_could_answer_before_or_has_nothing_to_answer_is_told_nothing(city, now):
    begins = {"starts_at": now - timedelta(minutes=30)}
    make.absence(city.approver, city.engineer, at=city.owner, **begins)
    assert deputies.tell_of_beginning(now=now) == 0
    make.grant(city.engineer, "approver", at=city.owner)
    ask(city, now)
    assert deputies.tell_of_beginning(now=now) == 0
