"""A crisis ends by itself, once; it is extended and ended by acts that are kept and told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medshare_portal import crises
from medshare_portal.actions import crises as acts
from medshare_portal.crisis_jobs import end_crises
from medshare_portal.models import AuditEvent, Crisis, CrisisAct, Notification
from tests import make

pytestmark = pytest.mark.django_db
HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def official():
    return make.city_user()


@pytest.fixture
def approver():
    return make.user(at=make.institution("owner"), role="approver")


@pytest.fixture
def crisis(now, official, approver):
    owner = approver.groups.get().role_group.institution
    return make.crisis(owner, make.institution("borrower"), starts_at=now, hours=24, by=official)


def told(event) -> list[int]:
    rows = Notification.unscoped.filter(event=event).order_by("user")
    return list(rows.values_list("user", flat=True))


def test_it_runs_up_to_its_automatic_end_whether_a_job_has_run_or_not(crisis):
    assert crises.current(crisis.starts_at - INSTANT) is None
    assert crises.current(crisis.starts_at).pk == crisis.pk
    assert crises.current(crisis.ends_at - INSTANT).pk == crisis.pk
    assert crises.current(crisis.ends_at) is None


def test_the_job_closes_what_ran_out_once_and_tells_each_person_once(crisis, official, approver):
    assert end_crises(crisis.ends_at - INSTANT) == 0
    assert end_crises(crisis.ends_at + HOUR) == 1
    assert end_crises(crisis.ends_at + 2 * HOUR) == 0
    crisis.refresh_from_db()
    assert (crisis.is_open, crisis.ended_at) == (False, crisis.ends_at)  # not when the job came
    act = CrisisAct.objects.get(act="ran_out")
    assert (act.by, act.reason, act.ends_at) == (None, "", crisis.ends_at)
    assert told("crisis.ended") == sorted([official.pk, approver.pk])
    assert AuditEvent.unscoped.filter(action="crisis.ran_out").count() == 1


def test_an_extension_moves_the_end_is_told_once_and_the_job_goes_by_it(
    crisis, official, approver, now
):
    before, token = crisis.ends_at, crisis.token
    acts.extend(crisis=crisis, hours=48, reason="It rains on.", by=official, now=now + HOUR)
    crisis.refresh_from_db()
    assert crisis.ends_at == now + 49 * HOUR
    assert crisis.token != token  # what a process remembers is out of date
    assert crises.current(before).ends_at == crisis.ends_at
    assert end_crises(before) == 0
    assert told("crisis.extended") == sorted([official.pk, approver.pk])
    trail = AuditEvent.unscoped.get(action="crisis.extended")
    assert trail.data["ends_at"] == [before.isoformat(), crisis.ends_at.isoformat()]


@pytest.mark.parametrize("hours", [0, 23, 337])
def test_an_extension_ends_later_and_within_the_policys_limit(crisis, official, now, hours):
    with pytest.raises(acts.WrongLength):
        acts.extend(crisis=crisis, hours=hours, reason="x", by=official, now=now + HOUR)
    crisis.refresh_from_db()
    assert crisis.ends_at == now + 24 * HOUR
    assert told("crisis.extended") == []


def test_what_has_ended_is_neither_extended_nor_ended_again(crisis, official, now):
    acts.end(crisis=crisis, reason="The water falls.", by=official, now=now + HOUR)
    for act in (acts.end, lambda **said: acts.extend(hours=48, **said)):
        with pytest.raises(acts.HasEnded):
            act(crisis=crisis, reason="x", by=official, now=now + 2 * HOUR)
    assert list(CrisisAct.objects.order_by("pk").values_list("act", flat=True)) == [
        "declared",
        "ended",
    ]


def test_past_its_end_it_is_not_extended_though_no_job_has_closed_it(crisis, official):
    with pytest.raises(acts.HasEnded):
        acts.extend(crisis=crisis, hours=48, reason="x", by=official, now=crisis.ends_at)


def test_the_next_declaration_closes_what_ran_out_first(crisis, official):
    declared = acts.Declaration(
        name_en="Storm", reason="Wind.", kinds=("equipment",), relaxed=("shorter-notice",),
        hours=24, wait_minutes=0,
    )  # fmt: skip
    acts.declare(declaration=declared, by=official, now=crisis.ends_at + HOUR)
    assert list(Crisis.objects.order_by("pk").values_list("is_open", flat=True)) == [False, True]
    assert CrisisAct.objects.filter(crisis=crisis, act="ran_out").exists()
