"""An approver sees until when an answer to an item of a basket is of use."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medshare_portal.roles import Permission
from scheduling.basket_states import Together
from scheduling.queries.inbox import tasks_of
from scheduling.queries.inbox_keys import waiting_keys
from tests import make

HOUR = timedelta(hours=1)
MAY_DECIDE = frozenset({(Permission.DECIDE, "equipment")})


@pytest.mark.django_db
def test_the_end_of_an_all_or_nothing_basket_comes_before_the_owners_own_time():
    now = timezone.now().replace(microsecond=0)
    owner, borrower = make.institution("owner"), make.institution("borrower")
    device, deadline, asked = make.equipment(owner), now + 2 * HOUR, {}
    sooner = make.sharing_request(device, borrower, now=now, due_at=now + 10 * HOUR)
    for together in Together:
        basket = make.open_basket(
            device, borrower, now=now, together=together, deadline_at=deadline
        )
        basket.items.update(due_at=now + 60 * HOUR)
        asked[together] = basket.items.get()
    keys = waiting_keys(owner, MAY_DECIDE)
    assert [(key.pk, key.due_at) for key in keys] == [
        (asked[Together.ALL].pk, deadline),
        (sooner.pk, now + 10 * HOUR),
        (asked[Together.POSSIBLE].pk, now + 60 * HOUR),
    ]
    tasks = tasks_of(keys, owner, now=now)
    assert [task.due_at for task in tasks] == [key.due_at for key in keys]
    assert asked[Together.ALL].answer_due_at == deadline
