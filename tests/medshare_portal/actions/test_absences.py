"""Entering an absence: for whom, by whom, on which days; and ending it early."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone

from medshare_portal.actions.absences import (
    AwayAlready,
    BadDays,
    DeputyAway,
    NamesItself,
    NotAColleague,
    NotForOthers,
    Over,
    OwnDeputy,
    end,
    enter,
)
from medshare_portal.memberships import membership_at
from medshare_portal.models import Absence, AuditEvent, Notification
from medshare_portal.notices import render
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class House:
    def __init__(self):
        self.now = timezone.now()
        self.today = self.now.astimezone(ZoneInfo("Asia/Shanghai")).date()
        self.here = make.institution("renhe")
        self.approver = make.user("approver", at=self.here, role="approver")
        self.colleague = make.user("colleague", at=self.here, role="viewer")
        self.coordinator = make.user("coordinator", at=self.here, role="coordinator")
        self.stranger = make.user("stranger", at=make.institution("xihu"), role="coordinator")

    def enter(self, **changes):
        values = {
            "user": self.approver, "deputy": self.colleague, "from_day": self.today,
            "until_day": self.today + 2 * DAY, "by": self.approver,
        }  # fmt: skip
        with transaction.atomic():
            return enter(institution=self.here, now=self.now, **values | changes)


@pytest.fixture
def house():
    return House()


def told():
    rows = Notification.unscoped.order_by("event", "user__username")
    return [(row.event, row.user.username) for row in rows]


def test_the_deputy_is_told_and_has_the_roles_from_the_first_day(house):
    absence = house.enter(note="The keys are at the desk.")
    assert told() == [("absence.deputy", "colleague")]
    assert render(Notification.unscoped.get())["subject"] == "You stand in for Approver"
    assert {role.value for role in membership_at(house.colleague, house.here).roles} == {
        "viewer", "approver",
    }  # fmt: skip
    wall = absence.ends_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (wall.date(), wall.hour) == (house.today + 3 * DAY, 0)
    event = AuditEvent.objects.owned_by(house.here).get()
    assert (event.action, event.data["deputy"]) == ("absence.entered", "Colleague")


def test_whoever_has_the_right_enters_it_for_others_who_are_told(house):
    house.enter(by=house.coordinator)
    assert told() == [("absence.deputy", "colleague"), ("absence.entered", "approver")]


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"by": "colleague"}, NotForOthers, "user"),
        ({"by": "stranger"}, NotForOthers, "user"),
        ({"by": "coordinator", "deputy": "coordinator"}, NamesItself, "deputy"),
        ({"deputy": "approver"}, OwnDeputy, "deputy"),
        ({"deputy": "stranger"}, NotAColleague, "deputy"),
        ({"user": "stranger", "by": "coordinator"}, NotAColleague, "user"),
    ],
)
def test_who_may_not_be_named_and_by_whom(house, changes, refusal, field):
    people = {name: getattr(house, person) for name, person in changes.items()}
    with pytest.raises(refusal) as refused:
        house.enter(**people)
    assert refused.value.field == field
    assert not Absence.unscoped.exists()
    assert told() == []


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(0, -1, "until_day"), (-1, 1, "from_day"), (366, 367, "from_day"), (0, 180, "until_day")],
)
def test_days_that_make_no_sense_are_refused(house, first, last, field):
    with pytest.raises(BadDays) as refused:
        house.enter(from_day=house.today + first * DAY, until_day=house.today + last * DAY)
    assert refused.value.field == field


def test_a_day_is_one_absence_and_a_deputy_is_there(house):
    house.enter()
    with pytest.raises(AwayAlready):
        house.enter(from_day=house.today + 2 * DAY, until_day=house.today + 5 * DAY)
    with pytest.raises(DeputyAway):
        house.enter(user=house.coordinator, deputy=house.approver, by=house.coordinator)
    house.enter(from_day=house.today + 3 * DAY, until_day=house.today + 5 * DAY)


def test_a_deputy_by_whose_roles_names_no_further_deputies(house):
    house.enter(user=house.coordinator, by=house.coordinator)
    with pytest.raises(NotForOthers):
        house.enter(by=house.colleague, deputy=house.coordinator)


def test_ended_early_it_gives_nothing_more_and_both_are_told(house):
    absence = house.enter()
    Notification.unscoped.all().delete()
    end(absence=absence, by=house.coordinator, now=house.now + DAY)
    assert told() == [("absence.ended", "approver"), ("absence.ended", "colleague")]
    absence.refresh_from_db()
    assert (absence.ends_at, absence.ended_by) == (house.now + DAY, house.coordinator)
    with pytest.raises(Over):
        end(absence=absence, by=house.approver, now=house.now + DAY)
    later = house.enter(from_day=house.today + 4 * DAY, until_day=house.today + 4 * DAY)
    end(absence=later, by=house.colleague, now=house.now)
    assert later.ends_at == later.starts_at


def test_a_stranger_ends_nothing(house):
    absence = house.enter()
    with pytest.raises(NotForOthers):
        end(absence=absence, by=house.stranger, now=house.now)
