"""Jobs of the core."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from medshare_portal import audit, core_jobs
from medshare_portal.models import Notification, RoleAssignment, SubmittedForm
from tests import make

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def nurse(db):
    person = make.user("nurse", at=make.institution("renhe"), role="coordinator")
    RoleAssignment.objects.filter(user=person).update(valid_until=TODAY)
    return person


def test_a_role_holds_on_its_last_day_and_ends_after_it(nurse):
    core_jobs.roles(NOW)
    assert nurse.groups.count() == 1
    core_jobs.roles(NOW + timedelta(days=1))
    assert nurse.groups.count() == 0


def test_the_end_of_a_role_is_told_once(nurse):
    core_jobs.role_ends(NOW - timedelta(days=15))
    assert not Notification.unscoped.exists()
    core_jobs.role_ends(NOW - timedelta(days=14))
    core_jobs.role_ends(NOW)
    row = Notification.unscoped.get()
    assert row.user == nurse
    assert row.context["role_zh"] != row.context["role_en"] == "Coordinator"


def test_sessions_and_keys_that_nobody_can_use_are_forgotten(nurse):
    for name, left in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=name, session_data="", expire_date=NOW + timedelta(minutes=left)
        )
        age = timedelta(days=4 if name == "old" else 1)
        SubmittedForm.objects.create(user=nurse, key=name * 4, created_at=NOW - age)
    assert core_jobs.forget(NOW) == 2
    assert [row.session_key for row in Session.objects.all()] == ["new"]
    assert [row.key for row in SubmittedForm.objects.all()] == ["newnewnewnew"]


def test_the_heads_of_the_audit_are_written_outside_the_database(nurse, tmp_path):
    audit.record(chains=["renhe"], by=nurse, action="x", obj=nurse, now=NOW)
    assert core_jobs.audit_heads(NOW) == 1
    name, length, digest = (tmp_path / "audit-heads/2026-11-24.tsv").read_text().split("\t")
    assert (name, length, len(digest.strip())) == ("renhe", "1", 64)
