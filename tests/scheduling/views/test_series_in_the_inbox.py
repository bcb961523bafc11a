"""A series waits as one: one row, one number, answered on one page or ticked by one box."""

from uuid import uuid4

import pytest
from django.utils import timezone

from medshare_portal.models import Notification
from scheduling.queries.waiting import every_right, waiting_count
from tests import make

pytestmark = pytest.mark.django_db
ANSWERS = ("series-answered", "request-approved", "request-declined")
INBOX = "/at/renhe/inbox/"


@pytest.fixture
def owner():
    return make.institution("renhe")


@pytest.fixture
def device(owner):
    found = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(found)
    return found


@pytest.fixture
def approver(client, owner):
    person = make.user(at=owner, role="approver")
    client.force_login(person)
    return person


@pytest.fixture
def sent(device):
    return make.series(device, make.institution("dongbei"), states=("requested",) * 3)


def keys_of(sent) -> list[int]:
    return list(sent.dates.order_by("starts_at").values_list("pk", flat=True))


def test_the_dates_of_a_series_are_one_row_and_one_number(client, owner, device, approver, sent):
    other = make.sharing_request(device, make.institution("xihu"), starts_at=sent.created_at)
    answer = client.get(INBOX)
    rows = answer.context["rows"]
    assert {tuple(task.request.pk for task in row.dates) for row in rows} == {
        tuple(keys_of(sent)),
        (),
    }
    assert answer.context["counts"]["waiting"] == answer.context["shown"] == len(rows) == 2
    assert waiting_count(owner, every_right()) == 2
    page = answer.content.decode()
    assert page.count(f'href="/at/renhe/series/{sent.pk}/"') >= 1
    assert f"/at/renhe/requests/{other.pk}/" in page
    home = client.get("/at/renhe/")
    assert home.context["waiting_count"] == 2


def test_a_date_that_is_left_alone_is_a_row_like_any_other(client, owner, device, approver):
    left = make.series(device, make.institution("dongbei"), states=("approved", "requested"))
    answer = client.get(INBOX)
    assert [row.dates for row in answer.context["rows"]] == [[]]
    opened = client.get(f"{INBOX}?open={keys_of(left)[1]}")
    assert opened.context["open_pk"] == keys_of(left)[1]


def test_the_link_to_one_of_several_dates_leads_to_all_of_them(client, approver, sent):
    answer = client.get(f"{INBOX}?open={keys_of(sent)[1]}")
    assert (answer.status_code, answer.url) == (302, f"/at/renhe/series/{sent.pk}/")


def test_the_row_says_how_many_dates_can_be_had(client, device, approver, sent):
    second = sent.dates.order_by("starts_at")[1]
    make.block(device, second.starts_at, second.ends_at, by=approver)
    row = client.get(INBOX).context["rows"][0]
    assert (row.status, row.words) == ("partial", "2 of 3 dates can be had")
    assert not row.may_batch


def test_one_box_ticks_all_dates(client, approver, sent):
    row = client.get(INBOX).context["rows"][0]
    form = {"do": "approve", "pk": row.ticks, "idempotency_key": uuid4().hex}
    assert client.post(f"{INBOX}batch/", form).status_code == 302
    assert set(sent.dates.values_list("state", flat=True)) == {"approved"}


@pytest.mark.parametrize(
    ("do", "told"), [("approve", "approved"), ("decline", "declined")], ids=["yes", "no"]
)
def test_one_notice_names_every_date_that_was_ticked(client, device, approver, sent, do, told):
    row = client.get(INBOX).context["rows"][0]
    form = {"do": do, "pk": row.ticks, "reason_code": "own_need", "idempotency_key": uuid4().hex}
    for _again in range(2):
        assert client.post(f"{INBOX}batch/", form).status_code == 302
    notices = Notification.unscoped.filter(user=sent.created_by, event__in=ANSWERS)
    assert [notice.event for notice in notices] == ["series-answered"]
    listed = notices.get().context[f"{told}_en"]
    assert all(date.reference in listed for date in sent.dates.all())
