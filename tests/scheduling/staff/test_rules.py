"""STF rules over loaded facts, and the groups and the funnel of who can cover a shift."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources.kinds.staff.working_time import Breach, Level, Measure
from scheduling.kinds.staff.queries.candidates import Group, Need, find
from scheduling.kinds.staff.rules.hours import hours_and_rest
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.rules import findings_for_request
from tests import make


def said(lending, nurse=None, **asked):
    wish = Wish(
        resource=nurse or lending.nurse,
        borrower=lending.host,
        starts_at=lending.starts_at,
        ends_at=lending.ends_at,
        asked=lending.asked(**asked),
    )
    return [
        (finding.code, finding.severity.value)
        for finding in findings_for_request(context_of(wish, now=lending.now))
    ]


def edit(nurse, **values):
    for name, value in values.items():
        setattr(nurse.staff_member, name, value)
    nurse.staff_member.save()


def test_a_compliant_person_gets_no_finding(lending):
    assert said(lending) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"licence_status": "suspended"}, [("STF-01", "block")]),
        ({"licence_verified_on": None}, [("STF-01", "block")]),
    ],
)
def test_a_licence_must_be_in_force_and_verified(lending, values, expected):
    edit(lending.nurse, **values)
    assert said(lending) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "block"), (1, "warn"), (30, "warn"), (31, None)]
)
def test_a_licence_lasts_to_the_last_local_day_of_the_shift(lending, days, expected):
    """The night ends on the day after it begins: a licence of that day still holds."""
    edit(lending.nurse, licence_valid_until=lending.starts_at.date() + timedelta(days=days))
    assert said(lending) == ([("STF-01", expected)] if expected else [])


def test_a_specialty_is_the_persons_and_the_hosts(lending):
    other = make.specialty("03.01", "Respiratory medicine")
    assert said(lending, specialty=other) == [("STF-02", "block")]
    lending.host.approved_specialties.add(other)
    assert said(lending) == [("STF-02", "block")]


def test_a_shift_that_names_no_specialty_is_not_beside_the_hosts_list(lending):
    """STF-02"""
    assert said(lending, specialty=None) == []
    lending.host.approved_specialties.add(make.specialty("03.01", "Respiratory medicine"))
    assert said(lending, specialty=None) == [("STF-02", "block")]
    lending.host.approved_specialties.add(make.specialty())
    assert said(lending, specialty=None) == []


def test_a_basis_of_a_consortium_needs_both_as_members_on_the_day(lending):
    basis = lending.nurse.bases.get()
    basis.basis = "medical_consortium"
    basis.save()
    assert said(lending) == [("STF-03", "block")]
    consortium = make.consortium(lending.home, lending.host)
    assert said(lending) == []
    consortium.memberships.filter(institution=lending.host).update(
        valid_until=lending.starts_at.date()
    )
    assert said(lending) == [("STF-03", "block")]


def test_a_basis_or_an_indemnity_for_another_host_does_not_count(lending):
    elsewhere = make.institution("elsewhere")
    lending.nurse.bases.update(host=elsewhere)
    lending.nurse.indemnities.update(host=elsewhere)
    assert said(lending) == [("STF-03", "block"), ("STF-05", "block")]


def test_skills_and_health_last_through_the_shift(lending):
    crrt = make.competency()
    assert said(lending, competencies=(crrt,)) == [("STF-13", "block")]
    make.credential(lending.nurse, competency=crrt, valid_until=lending.starts_at.date())
    assert said(lending, competencies=(crrt,)) == [("STF-13", "block")]
    make.credential(lending.nurse, competency=crrt)
    assert said(lending, competencies=(crrt,)) == []
    lending.nurse.credentials.filter(kind="health_clearance").delete()
    assert said(lending, competencies=(crrt,)) == [("STF-13", "block")]


def test_home_shifts_count_in_rest_and_overlap(lending):
    make.shift(lending.nurse, lending.starts_at - timedelta(hours=12), 8, by=lending.manager)
    assert ("STF-11", "warn") in said(lending)
    make.shift(lending.nurse, lending.starts_at - timedelta(hours=2), 3, by=lending.manager)
    assert ("STF-06", "block") in said(lending)


def test_shifts_at_other_hosts_count_too(lending):
    third = make.institution("third")
    make.sharing_request(
        lending.nurse,
        third,
        state="closed",
        starts_at=lending.starts_at - timedelta(hours=12),
        ends_at=lending.starts_at - timedelta(hours=4),
        mode="",
    )
    assert ("STF-11", "warn") in said(lending)


def need(lending, **changes):
    values = {
        "host": lending.host,
        "profession": lending.nurse.category,
        "starts_at": lending.starts_at,
        "ends_at": lending.ends_at,
        "asked": lending.asked(),
    }
    return Need(**values | changes)


def test_people_stand_in_three_groups_and_the_funnel_counts_them(lending):
    missing = make.compliant(lending.home, lending.host)
    missing.indemnities.all().delete()
    blocked = make.compliant(lending.home, lending.host)
    edit(blocked, licence_status="revoked")
    blocked.bases.all().delete()
    busy = make.compliant(lending.home, lending.host)
    make.shift(busy, lending.starts_at, by=lending.manager)
    make.person(lending.home, specialties=[make.specialty()])  # offers no hours
    make.compliant(lending.home, lending.host).staff_member.specialties.clear()
    own = make.compliant(lending.host, lending.home)

    found = find(need(lending), now=lending.now)
    assert [found.skilled, found.offered, found.free, found.nearly] == [5, 4, 3, 2]
    groups = {group: [c.resource for c in rows] for group, rows in found.groups.items()}
    assert groups == {
        Group.COMPLIANT: [lending.nurse],
        Group.MISSING: [missing],
        Group.BLOCKED: [blocked],
    }
    assert own not in [c.resource for rows in found.groups.values() for c in rows]


def test_who_lives_too_far_is_left_out(lending):
    site = make.site(lending.home, latitude=31.5)
    lending.nurse.site = site
    lending.nurse.save()
    assert find(need(lending), now=lending.now).nearly == 1
    assert find(need(lending, within_minutes=60), now=lending.now).nearly == 0


def test_the_search_asks_equally_often_for_one_person_and_for_thirty(lending):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as context:
            find(need(lending), now=lending.now)
        return len(context)

    find(need(lending), now=lending.now)
    one = queries()
    for _number in range(29):
        make.compliant(lending.home, lending.host)
    assert queries() == one


@pytest.mark.parametrize(
    ("measure", "value", "limit", "words"),
    [
        (Measure.DAILY_REST, timedelta(hours=10, minutes=58), 11, "Only 10.9 h of rest"),
        (Measure.DAY, timedelta(hours=9, minutes=1), 9, "9.1 h of work"),
    ],
)
def test_what_breaks_a_limit_by_minutes_does_not_read_as_if_it_kept_it(
    measure, value, limit, words
):
    breach = Breach(
        measure=measure, level=Level.WARN, value=value, limit=timedelta(hours=limit),
        on=date(2026, 12, 1),
    )  # fmt: skip
    own = SimpleNamespace(assessment=SimpleNamespace(breaches=[breach]))
    (finding,) = hours_and_rest(SimpleNamespace(own=own))
    assert finding.text.startswith(words)
