"""Who holds which right over the kinds that are shared."""

import pytest

from medshare_portal.roles import Permission, Role, permissions_of, roles_with

P = Permission


def test_equipment_is_asked_for_decided_and_checked_by_its_own_people():
    assert {
        permission: roles_with(permission, "equipment")
        for permission in (P.ASK, P.DECIDE, P.POST_CHECK)
    } == {
        P.ASK: [Role.COORDINATOR],
        P.DECIDE: [Role.APPROVER],
        P.POST_CHECK: [Role.BIOMEDICAL_ENGINEER],
    }
    assert roles_with(P.HAND_OVER, "equipment") == [
        Role.COORDINATOR,
        Role.APPROVER,
        Role.BIOMEDICAL_ENGINEER,
    ]


@pytest.mark.parametrize(
    "role", [Role.PHARMACIST, Role.STAFFING_MANAGER, Role.INFORMATION_STEWARD, Role.VIEWER]
)
def test_people_of_other_kinds_do_nothing_to_equipment(role):
    general = {P.VIEW, P.CONVERSE, P.EXPORT, P.READ_AUDIT, P.READ_STATEMENTS}
    assert permissions_of([role], "equipment") <= general
