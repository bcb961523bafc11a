"""Alerts begin, are told once, told again when clearly worse, and end; in the digest of the right."""

import pytest
from django.core import mail

from medshare_portal import mailing
from medshare_portal.models import AuditEvent, Notification
from reports.actions import alerting
from reports.models import Alert, AlertCheck
from reports.queries.alerts import limits_of
from tests import make
from tests.reports.alerts.conftest import (
    EVENING,
    MORNING,
    NEXT_MORNING,
    limits,
    overdue,
    utilised,
)

SEVEN = MORNING.replace(hour=23, minute=10)


def found(institution):
    return {row.sort: float(row.figure) for row in Alert.unscoped.filter(institution=institution)}


def again(now):
    """As on the morning of ``now``."""
    return alerting.check_due(now=now)


def told():
    return Notification.unscoped.filter(event__startswith="alert.").count()


def test_nothing_is_looked_at_before_six_and_each_house_once_a_morning(town):
    limits(None, overdue=1)
    overdue(town, 1)
    assert again(EVENING) == 0
    assert again(MORNING) == 1
    overdue(town, 5)
    assert again(MORNING) == 0
    assert found(town.renhe) == {"overdue": 1}


def test_what_is_beyond_the_limits_is_found_and_what_is_not_stays_out(town):
    limits(None, utilisation=40, overdue=3, lots=2)
    utilised(town, 34)
    overdue(town, 2)
    for _each in range(2):
        make.medicine_lot(town.renhe, expiry_date="2026-04-20")
    make.medicine_lot(town.renhe, expiry_date="2026-07-20")  # later than ninety days
    again(MORNING)
    assert found(town.renhe) == {"utilisation": 34.0, "lots": 2}
    assert found(town.xihu) == {}


def test_of_nothing_offered_there_is_no_utilisation_to_warn_of(town):
    limits(None, utilisation=100)
    again(MORNING)
    assert found(town.renhe) == {}
    assert AlertCheck.unscoped.get(institution=town.renhe).checked_at == MORNING


def test_own_limits_take_the_place_of_the_citys_even_where_they_are_empty(town):
    limits(None, overdue=1)
    limits(town.renhe, lots=1)
    overdue(town, 1)
    again(MORNING)
    assert found(town.renhe) == {}
    assert (limits_of(town.renhe).own, limits_of(town.xihu).own) == (True, False)


@pytest.mark.parametrize(("more", "times"), [(1, 1), (2, 2)])
def test_it_is_told_when_it_begins_and_again_only_when_clearly_worse(town, more, times):
    limits(None, overdue=2)
    overdue(town, 2)
    again(MORNING)
    overdue(town, more)
    again(NEXT_MORNING)
    assert told() == 2 * times  # the head and the coordinator
    row = Alert.unscoped.get()
    assert (row.figure, row.told, row.since.day) == (2 + more, 2 + more * (times - 1), 11)


def test_what_is_over_is_no_alert_and_is_told_anew_when_it_comes_back(town):
    own = limits(town.renhe, overdue=2)
    overdue(town, 2)
    again(MORNING)
    own.overdue = 3
    own.save()
    again(NEXT_MORNING)
    assert found(town.renhe) == {}
    alerting.set_limits(
        institution=town.renhe, values={"utilisation": None, "overdue": 1, "lots": None},
        by=town.head, now=NEXT_MORNING,
    )  # fmt: skip
    assert (found(town.renhe), told()) == ({"overdue": 2}, 4)


def test_the_digest_tells_each_in_its_language_and_nobody_elses(town):
    limits(None, utilisation=40, overdue=7)
    utilised(town, 34)
    overdue(town, 9, owner=town.xihu)
    again(MORNING)
    assert mailing.send_waiting(now=MORNING) == 0  # nothing at once
    mailing.send_digests(now=SEVEN)
    texts = {message.to[0]: message.body for message in mail.outbox}
    assert town.viewer.email not in texts
    assert "scheduled utilisation 34 % (limit: below 40 %)" in texts[town.coordinator.email]
    assert "/at/renhe/alerts/" in texts[town.coordinator.email]
    assert "排定利用率 34%" in texts[town.head.email]
    assert "scheduled" not in texts[town.head.email]
    assert "overdue loans to others: 9" in texts[town.other.email]
    assert "overdue loans to others: 9" not in texts[town.coordinator.email]
    assert "34 %" not in texts[town.other.email]


def test_who_lost_the_right_by_then_is_not_mailed(town):
    limits(None, overdue=1)
    overdue(town, 1)
    again(MORNING)
    mailing.send_waiting(now=MORNING)
    town.coordinator.groups.clear()
    mailing.send_digests(now=SEVEN)
    mailed = {message.to[0] for message in mail.outbox}
    assert (town.head.email in mailed, town.coordinator.email in mailed) == (True, False)


def test_what_is_over_by_then_is_not_mailed(town):
    own = limits(town.renhe, overdue=1)
    overdue(town, 1)
    again(MORNING)
    mailing.send_waiting(now=MORNING)
    Alert.unscoped.all().delete()
    mailing.send_digests(now=SEVEN)
    assert (own.overdue, mail.outbox) == (1, [])


def test_a_house_that_cannot_be_looked_at_does_not_stop_the_others(town, logged_errors):
    limits(None, overdue=1, lots=1)
    town.renhe.sites.update(time_zone="Moon/Tranquillity")
    overdue(town, 1, owner=town.xihu)
    assert again(MORNING) == 1
    assert (found(town.renhe), found(town.xihu)) == ({}, {"overdue": 1})
    assert again(MORNING) == 0
    assert [record.getMessage() for record in logged_errors] == ["alerts of renhe failed"]


def test_limits_are_written_to_the_audit_trail_with_what_they_were(town):
    values = {"utilisation": 30, "overdue": None, "lots": 9}
    alerting.set_limits(institution=None, values=values, by=town.official, now=MORNING)
    alerting.set_limits(institution=town.renhe, values=values, by=town.head, now=MORNING)
    values |= {"utilisation": 35}
    alerting.set_limits(institution=town.renhe, values=values, by=town.head, now=MORNING)
    alerting.follow_city(institution=town.renhe, by=town.head, now=MORNING)
    rows = AuditEvent.unscoped.order_by("pk").values_list("chain", "action", "data")
    assert list(rows) == [
        ("city", "figures.limits_set", {"utilisation": [None, 30], "overdue": [None, None], "lots": [None, 9]}),
        ("renhe", "figures.limits_set", {"utilisation": [None, 30], "overdue": [None, None], "lots": [None, 9]}),
        ("renhe", "figures.limits_set", {"utilisation": [30, 35], "overdue": [None, None], "lots": [9, 9]}),
        ("renhe", "figures.limits_left", {"utilisation": 35, "overdue": None, "lots": 9}),
    ]  # fmt: skip
    assert not limits_of(town.renhe).own
