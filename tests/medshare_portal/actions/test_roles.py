"""Groups follow institutions and role assignments."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from medshare_portal.actions.roles import sync_roles
from medshare_portal.models import RoleAssignment, RoleGroup
from medshare_portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LOCAL_ROLES = len(Role) - len(Role.CITY_ROLES)


@pytest.fixture
def hospital():
    return make.institution("renhe")


def groups_of(user):
    return set(user.groups.values_list("name", flat=True))


def assign(user, hospital, role, since, until=None):
    group = RoleGroup.objects.owned_by(hospital).get(role=role)
    RoleAssignment.objects.create(user=user, role_group=group, valid_from=since, valid_until=until)


def test_makes_one_group_per_institution_and_role_and_the_citys(hospital):
    counts = sync_roles(today=TODAY)

    assert counts["groups"] == LOCAL_ROLES + 2
    names = set(RoleGroup.unscoped.values_list("group__name", flat=True))
    assert {"renhe: coordinator", "city: city_official", "city: registry_admin"} <= names


def test_running_twice_changes_nothing(hospital):
    sync_roles(today=TODAY)

    assert sync_roles(today=TODAY) == {"groups": 0, "entered": 0, "left": 0}


def test_people_enter_on_the_first_day_and_leave_after_the_last(hospital):
    sync_roles(today=TODAY)
    person = make.user()
    assign(person, hospital, Role.VIEWER, TODAY, TODAY + timedelta(days=1))

    expected = {-1: set(), 0: {"renhe: viewer"}, 1: {"renhe: viewer"}, 2: set()}
    for days, groups in expected.items():
        sync_roles(today=TODAY + timedelta(days=days))
        assert groups_of(person) == groups, days


def test_a_group_without_an_assignment_is_left(hospital):
    sync_roles(today=TODAY)
    person = make.user()
    person.groups.add(RoleGroup.objects.owned_by(hospital).get(role=Role.APPROVER).group)

    assert sync_roles(today=TODAY)["left"] == 1
    assert groups_of(person) == set()


def test_other_django_groups_are_none_of_its_business(hospital):
    person = make.user()
    person.groups.add(Group.objects.create(name="choir"))
    sync_roles(today=TODAY)

    assert groups_of(person) == {"choir"}


def test_a_renamed_institution_keeps_its_groups_under_the_new_name(hospital):
    sync_roles(today=TODAY)
    before = set(RoleGroup.unscoped.values_list("pk", "group_id"))
    hospital.slug = "renhe-general"
    hospital.save()
    sync_roles(today=TODAY)

    assert set(RoleGroup.unscoped.values_list("pk", "group_id")) == before
    names = set(RoleGroup.objects.owned_by(hospital).values_list("group__name", flat=True))
    assert all(name.startswith("renhe-general: ") for name in names)
