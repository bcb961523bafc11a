"""What we lend, what we borrow: order, filters, exports, constant queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medshare_portal.models import AuditEvent
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei", name_en="Dongbei Central")


@pytest.fixture
def coordinator(client, owner):
    person = make.user(at=owner, role="coordinator")
    client.force_login(person)
    return person


def lend(owner, borrower, now, state="requested", **fields):
    device = make.equipment(owner, **fields.pop("device", {}))
    return make.sharing_request(device, borrower, state=state, now=now, **fields)


def shown(answer):
    return [row.record.pk for row in answer.context["table"].paginated_rows]


def test_the_overdue_come_first_then_the_open_then_the_ended(
    client, coordinator, owner, borrower, now
):
    ended = lend(owner, borrower, now, "declined", starts_at=now + 90 * HOUR)
    open_one = lend(owner, borrower, now)
    late = lend(owner, borrower, now, "underway", starts_at=now - 9 * HOUR, ends_at=now - HOUR)
    answer = client.get("/at/renhe/lending/")
    assert shown(answer) == [late.pk, open_one.pk, ended.pk]
    assert "Overdue" in answer.content.decode()


def test_each_list_shows_its_own_side_and_no_strangers(client, coordinator, owner, borrower, now):
    lent, borrowed = lend(owner, borrower, now), lend(borrower, owner, now)
    lend(borrower, make.institution("xihu"), now)
    lend(borrower, owner, now, "held")
    assert shown(client.get("/at/renhe/lending/")) == [lent.pk]
    assert shown(client.get("/at/renhe/borrowing/")) == [borrowed.pk]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=open", {"one", "two"}),
        ("state=declined", {"three"}),
        ("text=dongbei", {"one", "three"}),
        ("text=V-77", {"two"}),
        ("after=2031-01-01", {"two"}),
        ("before=2030-12-31", {"one", "three"}),
        ("category={category}", {"three"}),
        ("counterpart={xihu}", {"two"}),
    ],
)
def test_filters_narrow_the_list(client, coordinator, owner, borrower, now, query, expected):
    xihu = make.institution("xihu")
    far = now.replace(year=2031, month=6, day=1)
    other = make.category("ultrasound")
    rows = {
        "one": lend(owner, borrower, now),
        "two": lend(owner, xihu, now, starts_at=far, device={"code": "RH-V-77"}),
        "three": lend(owner, borrower, now, "declined", device={"category": other}),
    }
    answer = client.get("/at/renhe/lending/?" + query.format(category=other.pk, xihu=xihu.pk))
    assert set(shown(answer)) == {rows[name].pk for name in expected}


@pytest.mark.parametrize(
    "query", ["state=nonsense", "after=0000-00-00", "category=x", "counterpart=999999", "text=%00"]
)
def test_a_malformed_filter_is_a_400_with_no_rows(client, coordinator, owner, borrower, now, query):
    lend(owner, borrower, now)
    answer = client.get(f"/at/renhe/lending/?{query}")
    assert (answer.status_code, shown(answer)) == (400, [])


def test_a_huge_page_number_is_the_last_page(client, coordinator, owner, borrower, now):
    row = lend(owner, borrower, now)
    assert shown(client.get("/at/renhe/lending/?page=99999999")) == [row.pk]


def test_the_export_holds_what_is_filtered_neutralised_and_audited(
    client, coordinator, owner, borrower, now
):
    lend(owner, borrower, now, device={"name_en": "=cmd()", "code": "=1+1"})
    lend(owner, borrower, now, "declined")
    answer = client.post("/at/renhe/lending/export/?state=open", {"format": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").strip().splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert "Dongbei Central" in lines[1]
    assert AuditEvent.unscoped.latest("pk").action == "resources.exported"
    sheet = client.post("/at/renhe/lending/export/", {"format": "xlsx"})
    assert sheet.getvalue()[:2] == b"PK"
    sheet.close()


def test_an_export_needs_its_permission_and_a_known_format(client, coordinator, owner):
    assert client.post("/at/renhe/lending/export/", {"format": "exe"}).status_code == 400
    visit = client.get("/at/renhe/lending/export/?state=approved")
    assert visit.status_code == 405
    assert 'href="/at/renhe/lending/?state=approved"' in visit.content.decode()
    client.force_login(make.user(at=owner, role="viewer"))
    assert client.post("/at/renhe/lending/export/", {"format": "csv"}).status_code == 403
    assert "export" not in client.get("/at/renhe/lending/").content.decode()


@pytest.mark.parametrize("page", ["lending", "borrowing"])
def test_the_list_asks_the_database_as_often_for_30_rows_as_for_one(
    client, coordinator, owner, borrower, now, page
):
    numbers = []
    for rows in (1, 29):
        for _number in range(rows):
            other = make.institution()
            lend(owner, other, now)
            lend(other, owner, now)
        client.get(f"/at/renhe/{page}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/at/renhe/{page}/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 14


def buttons(client, path):
    """Key → the page that the row's button leads to."""
    html = client.get(path).content.decode()
    found = re.findall(
        r'class="btn btn-sm btn-quiet" href="/at/\w+/requests/(\d+)/([\w-]+)/"', html
    )
    return {int(pk): page for pk, page in found}


def test_what_can_be_moved_now_has_its_button_on_either_side(client, owner, borrower, now):
    soon = lend(owner, borrower, now, "approved", starts_at=now + 2 * HOUR)
    lend(owner, borrower, now, "approved", starts_at=now + 90 * HOUR)
    out = lend(owner, borrower, now, "underway", starts_at=now - HOUR)
    given = lend(owner, borrower, now, "approved", starts_at=now + HOUR)
    brought = lend(owner, borrower, now, "underway", starts_at=now - HOUR)
    lender = make.user(at=owner, role="coordinator")
    make.handover(given, given_by=lender)
    make.handover(brought, stage="return", given_by=brought.created_by)
    client.force_login(lender)
    assert buttons(client, "/at/renhe/lending/") == {soon.pk: "handover", brought.pk: "receipt"}
    client.force_login(out.created_by)
    assert buttons(client, "/at/dongbei/borrowing/") == {out.pk: "return", given.pk: "receipt"}


def test_who_may_not_hand_over_sees_no_button(client, owner, borrower, now):
    lend(owner, borrower, now, "approved", starts_at=now + 2 * HOUR)
    client.force_login(make.user(at=owner, role="viewer"))
    assert buttons(client, "/at/renhe/lending/") == {}


def test_a_request_with_unread_messages_is_marked(client, coordinator, owner, borrower, now):
    row = lend(owner, borrower, now)
    make.message(row, by=row.created_by, now=now)
    make.message(row, by=row.created_by, now=now, voice="owner", institution=owner)  # a colleague's
    assert "1 unread" in client.get("/at/renhe/lending/").content.decode()


@pytest.mark.parametrize("page", ["lending", "borrowing"])
def test_a_row_on_a_phone_keeps_the_other_side_and_every_cell_has_its_place(
    client, coordinator, owner, borrower, now, page
):
    lend(*((owner, borrower) if page == "lending" else (borrower, owner)), now)
    (row,) = re.findall("<tbody>(.*)</tbody>", client.get(f"/at/renhe/{page}/").text, re.S)
    assert '<span class="phone-only"> · Dongbei Central</span>' in row
    cells = re.findall("<t[dh][^>]*>", row)
    assert len(cells) == 6
    assert all(re.search('class="[^"]*(line-|wide-only)', cell) for cell in cells)
