"""The person behind a session and its roles are one statement, true at every request."""

import pytest

from medshare_portal.memberships import memberships_of, person
from medshare_portal.models import Notification, RoleGroup, User
from medshare_portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def roles_by_place(user):
    return {
        found.institution.slug if found.institution else None: found.roles
        for found in memberships_of(user)
    }


def test_the_person_comes_with_roles_zone_and_notices(django_assert_num_queries):
    renhe = make.institution("renhe", with_site=False)
    make.site(renhe, is_main=True, time_zone="Europe/Berlin")
    chengbei = make.institution("chengbei", with_site=False)
    somebody = make.user(at=renhe, role="coordinator")
    make.grant(somebody, Role.APPROVER, at=renhe)
    make.grant(somebody, Role.VIEWER, at=chengbei)
    for key in ("one", "two"):
        Notification.unscoped.create(
            user=somebody, event="x", event_key=key, created_at=somebody.date_joined
        )
    with django_assert_num_queries(1):
        found = person(somebody.pk)
        assert found == somebody
        assert found.unread == 2
        assert roles_by_place(found) == {
            "renhe": {Role.COORDINATOR, Role.APPROVER},
            "chengbei": {Role.VIEWER},
        }
        zones = [membership.institution.time_zone for membership in memberships_of(found)]
        assert zones == ["Europe/Berlin", None]


def test_a_person_without_roles_is_found_too():
    nobody = User.objects.create(username="nobody")
    found = person(nobody.pk)
    assert found == nobody
    assert memberships_of(found) == []
    assert found.unread is None
    assert person(nobody.pk + 1) is None


def test_a_role_that_is_taken_is_gone_with_the_next_reading():
    renhe = make.institution("renhe")
    somebody = make.user(at=renhe, role="viewer")
    assert roles_by_place(person(somebody.pk)) == {"renhe": {Role.VIEWER}}
    RoleGroup.unscoped.get(institution=renhe, role=Role.VIEWER).group.user_set.remove(somebody)
    assert roles_by_place(person(somebody.pk)) == {}


def test_the_citys_roles_have_no_institution():
    official = make.city_user()
    assert roles_by_place(person(official.pk)) == {None: {Role.CITY_OFFICIAL}}


def test_a_person_that_was_not_read_here_is_asked_for():
    renhe = make.institution("renhe")
    somebody = make.user(at=renhe, role="viewer")
    assert roles_by_place(User.objects.get(pk=somebody.pk)) == {"renhe": {Role.VIEWER}}
