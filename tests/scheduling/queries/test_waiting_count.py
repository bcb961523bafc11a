"""The number beside the inbox: exactly what these permissions may answer, in one statement."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medshare_portal.roles import Permission
from scheduling.queries.waiting import every_right, waiting_count
from scheduling.states import State
from tests.make.catalogue import equipment
from tests.make.people import user
from tests.make.places import institution
from tests.make.requests import sharing_request, time_change

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DECIDE, ASK, POST_CHECK = Permission.DECIDE, Permission.ASK, Permission.POST_CHECK


@pytest.fixture
def owner():
    """One that lends: two to decide, an extension, a device to check; and borrows: one counter."""
    owner, other = institution("renhe"), institution("chengbei")
    now = timezone.now()
    device, theirs = equipment(owner, units=20), equipment(other, units=20)
    for number, state in enumerate([*State, State.REQUESTED]):
        if state != State.COUNTERED:
            sharing_request(device, other, state=state, starts_at=now + (number + 1) * DAY)
    sharing_request(theirs, owner, state=State.COUNTERED, starts_at=now + DAY)
    longer = sharing_request(device, other, state=State.APPROVED, starts_at=now + 30 * DAY)
    time_change(longer, new_ends_at=longer.ends_at + DAY, by=user(at=other, role="coordinator"))
    return owner


@pytest.mark.parametrize(
    ("permissions", "number"),
    [
        ([Permission.VIEW], 0),
        ([DECIDE], 3),
        ([ASK], 1),
        ([POST_CHECK], 1),
        ([ASK, POST_CHECK], 2),
        (list(Permission), 5),
    ],
)
def test_only_what_the_permissions_answer_is_counted(
    owner, django_assert_num_queries, permissions, number
):
    rights = frozenset((permission, "equipment") for permission in permissions)
    waiting_count(owner, rights)
    with django_assert_num_queries(min(number, 1)):
        assert waiting_count(owner, rights) == number


def test_rights_over_another_kind_count_nothing(owner):
    assert waiting_count(owner, frozenset((permission, "beds") for permission in Permission)) == 0


def test_another_institution_has_its_own_number(owner):
    assert waiting_count(institution("linjiang"), every_right()) == 0
