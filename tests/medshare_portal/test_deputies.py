"""Who stands in for whom: roles at one institution, for as long as the absence runs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from medshare_portal.memberships import membership_at, memberships_of, person
from medshare_portal.models import Absence, User
from medshare_portal.notices import keys_of_people_in, keys_of_people_with, people_with
from medshare_portal.roles import Permission, Role
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Ward:
    def __init__(self):
        self.here, self.there = make.institution("renhe"), make.institution("xihu")
        self.absent = make.user("absent", at=self.here, role="approver")
        make.grant(self.absent, "coordinator", at=self.there)
        self.deputy = make.user("deputy", at=self.here, role="viewer")
        make.grant(self.deputy, "viewer", at=self.there)

    def away(self, **fields):
        return make.absence(self.absent, self.deputy, at=self.here, **fields)


@pytest.fixture
def ward():
    return Ward()


def roles(user):
    return {found.institution.slug: set(found.roles) for found in memberships_of(person(user.pk))}


def test_the_deputy_has_the_roles_there_and_nowhere_else_at_no_further_cost(
    ward, django_assert_num_queries
):
    ward.away()
    with django_assert_num_queries(1):
        found = person(ward.deputy.pk)
        here = memberships_of(found)[0]
    assert found == ward.deputy
    assert roles(ward.deputy) == {"renhe": {Role.VIEWER, Role.APPROVER}, "xihu": {Role.VIEWER}}
    assert here.own == {Role.VIEWER}
    assert [(row.name, row.roles) for row in here.stands_in] == [("Absent", {Role.APPROVER})]
    assert here.deputy_for(Permission.DECIDE, "equipment").person == ward.absent.pk
    assert here.deputy_for(Permission.VIEW) is None


def test_the_absent_person_keeps_its_roles_and_gets_none(ward):
    ward.away()
    assert roles(ward.absent) == {"renhe": {Role.APPROVER}, "xihu": {Role.COORDINATOR}}


@pytest.mark.parametrize(("starts", "ends"), [(-9, -1), (1, 9)])
def test_before_and_after_the_deputy_is_what_it_was(ward, starts, ends):
    now = timezone.now()
    ward.away(starts_at=now + starts * HOUR, ends_at=now + ends * HOUR)
    assert roles(ward.deputy) == {"renhe": {Role.VIEWER}, "xihu": {Role.VIEWER}}
    assert membership_at(ward.deputy, ward.here).roles == {Role.VIEWER}


def test_who_is_no_colleague_any_more_stands_in_for_nobody(ward):
    ward.away()
    ward.deputy.groups.clear()
    make.grant(ward.deputy, "viewer", at=ward.there)
    assert roles(ward.deputy) == {"xihu": {Role.VIEWER}}
    assert membership_at(ward.deputy, ward.here).roles == frozenset()


def test_a_deputy_passes_nothing_on(ward):
    third = make.user("third", at=ward.here, role="viewer")
    ward.away()
    make.absence(ward.deputy, third, at=ward.here)
    assert roles(third) == {"renhe": {Role.VIEWER}}


def test_an_action_asks_once(ward, django_assert_num_queries):
    ward.away()
    with django_assert_num_queries(1):
        held = membership_at(ward.deputy, ward.here)
    assert (held.own, held.roles) == ({Role.VIEWER}, {Role.VIEWER, Role.APPROVER})


def test_mails_go_to_the_deputy_too_and_to_nobody_who_left(ward, django_assert_num_queries):
    ward.away()
    both = sorted([ward.absent.pk, ward.deputy.pk])
    keys_of_people_with(Permission.DECIDE, ward.here, "equipment")
    with django_assert_num_queries(1):
        assert keys_of_people_with(Permission.DECIDE, ward.here, "equipment") == both
    assert keys_of_people_in([Role.APPROVER], ward.here) == both
    User.objects.filter(pk=ward.deputy.pk).update(is_active=False)
    assert keys_of_people_with(Permission.DECIDE, ward.here, "equipment") == [ward.absent.pk]
    assert list(people_with(Permission.DECIDE, ward.here, "equipment")) == [ward.absent]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ("deputy_id = user_id", "absence_deputy_is_another"),
        ("until_day = '2000-01-01'", "absence_ends_after_it_starts"),
        ("ends_at = '2000-01-01 00:00:00'", "absence_ends_after_it_starts"),
    ],
)
def test_the_database_keeps_absences_true(ward, changes, name):
    row = ward.away()
    with (
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE medshare_portal_absence SET {changes} WHERE id = %s", [row.pk])
    assert Absence.unscoped.filter(pk=row.pk, deputy=ward.deputy).exists()
