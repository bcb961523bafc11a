"""The demo city shows absences, wait-lists and needs."""

from collections import Counter

import pytest

from medshare_portal.models import Absence
from resources.models import CommittedShift
from scheduling.models import Need, Series, SharingRequest, SignOff, TimeChange, WaitlistEntry
from scheduling.queries.late_at_city import late_keys
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_an_approver_is_on_leave_today_and_late_answers_are_with_a_head_and_the_city(city):
    away = Absence.unscoped.filter(starts_at__lte=NOW, ends_at__gt=NOW)
    late = SharingRequest.unscoped.get(escalation=3)

    assert {row.institution.slug for row in away} == {"renhe", "dongbei"}
    assert (late.owner.slug, late.borrower.slug, late.state) == ("dongbei", "renhe", "requested")
    assert [row.what for row in late_keys()] == ["answer"]


def test_waits_and_needs_in_every_state(city):
    """Both marked hospitals have something to look at."""
    waiting = Counter(WaitlistEntry.unscoped.values_list("state", flat=True))
    assert {"waiting", "offered", "expired"} <= set(waiting)
    for slug in ("renhe", "dongbei"):
        needs = Need.unscoped.filter(institution__slug=slug)
        assert {"open", "met", "expired"} <= set(needs.values_list("state", flat=True))
        assert needs.filter(state="open", answers__isnull=False).count() == 1
        assert WaitlistEntry.unscoped.filter(borrower__slug=slug, state="waiting").exists()


def test_series_are_half_used_in_conflict_unused_and_of_shifts(city):
    """Each shows something else; the nights of a nurse wait for two more of three consents."""
    states = {
        series.pk: Counter(series.dates.values_list("state", flat=True))
        for series in Series.unscoped.all()
    }
    half_used = [found for found in states.values() if found["closed"]]
    assert [(found["closed"], found["approved"]) for found in half_used] == [(2, 4)]
    assert sum(found["no_show"] == 2 for found in states.values()) == 1
    nights = Series.unscoped.get(kind="staff")
    assert states[nights.pk] == {"requested": 4}
    waiting = SignOff.unscoped.filter(sharing_request__series=nights, decision="waiting")
    assert Counter(waiting.values_list("part", flat=True)) == {"person": 4, "host": 4}


def test_a_series_has_its_free_dates_and_waits_for_a_later_one(city):
    """Until what is in the way goes: the job that hands out freed time leaves it alone."""
    sent = Series.unscoped.get(waiting__isnull=False)
    (waited,) = sent.waiting.all()
    assert Counter(sent.dates.values_list("state", flat=True)) == {"approved": 3}
    assert (waited.state, waited.borrower.slug) == ("waiting", "dongbei")
    assert waited.starts_at > max(sent.dates.values_list("starts_at", flat=True))
    assert waited.starts_at > NOW


PLANNED = (
    (SharingRequest, "starts_at", "ends_at", "asked_starts_at", "asked_ends_at"),
    (CommittedShift, "starts_at", "ends_at"),
    (WaitlistEntry, "starts_at", "ends_at"),
    (Need, "starts_at", "ends_at"),
    (TimeChange, "old_ends_at", "new_ends_at"),
)


def test_what_is_planned_begins_and_ends_on_a_quarter_of_an_hour(city):
    """What people really did did not; nobody plans a use for 00:42."""
    for model, *names in PLANNED:
        moments = [m for row in model.unscoped.values_list(*names) for m in row if m]
        assert moments, model
        odd = {moment for moment in moments if (moment.minute % 15, moment.second) != (0, 0)}
        assert (model, odd) == (model, set())
