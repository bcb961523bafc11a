import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from resources.models import BusyBlock
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "key-of-a-form"}
YEAR = timezone.now().year + 1


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def device(owner):
    return make.equipment(owner)


@pytest.fixture
def berlin(owner):
    return make.equipment(owner, site=make.site(owner, time_zone="Europe/Berlin"))


@pytest.fixture(autouse=True)
def engineer(owner, client):
    person = make.user(at=owner, role="biomedical_engineer")
    client.force_login(person)
    return person


def address(name, device):
    return reverse(f"resources:block-{name}", args=["owner", device.pk])


def keep(client, device, starts_at, ends_at, **changes):
    values = {"reason": "own_use", "starts_at": starts_at, "ends_at": ends_at, "note": "", **KEY}
    return client.post(address("create", device), values | changes)


def calendar(*events):
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t\r\n{body}END:VCALENDAR\r\n"
    return SimpleUploadedFile("own.ics", text.encode(), "text/calendar")


def upload(client, device, file):
    return client.post(address("import", device), {"reason": "own_use", "file": file, **KEY})


def event(uid, day, hour=8):
    return f"UID:{uid}\r\nSUMMARY:Rounds\r\nDTSTART:{day:%Y%m%d}T{hour:02}0000\r\nDURATION:PT2H"


def test_a_time_is_kept_in_the_clock_of_the_site(client, device):
    assert keep(client, device, "2026-12-01T08:00", "2026-12-01T10:00").status_code == 302
    block = BusyBlock.unscoped.get()
    assert (block.starts_at, block.ends_at) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 1, 2, tzinfo=UTC),
    )
    assert client.get(address("list", device)).status_code == 200


def test_a_time_that_the_clocks_leave_out_is_refused(client, berlin):
    answer = keep(client, berlin, "2027-03-28T02:30", "2027-03-28T05:00")
    assert answer.status_code == 422
    assert "The clocks are put forward that night: there is no 02:30." in answer.text
    assert not BusyBlock.unscoped.exists()


@pytest.mark.parametrize(("which", "hours"), [("0", 3.5), ("1", 2.5)])
def test_a_doubled_hour_asks_which_and_both_can_be_kept(client, berlin, which, hours):
    page = client.get(address("create", berlin))
    assert "starts_at_which" not in page.text
    answer = keep(client, berlin, "2027-10-31T02:30", "2027-10-31T05:00")
    assert answer.status_code == 422
    assert "02:30 comes twice. Choose which." in answer.text
    assert re.findall(r"\(CES?T, UTC\+0\d00\)", answer.text) == [
        "(CEST, UTC+0200)",
        "(CET, UTC+0100)",
    ]
    assert (
        keep(
            client, berlin, "2027-10-31T02:30", "2027-10-31T05:00", starts_at_which=which
        ).status_code
        == 302
    )
    block = BusyBlock.unscoped.get()
    assert (block.ends_at - block.starts_at).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "message"),
    [
        ("2026-12-01T10:00", "2026-12-01T10:00", "End must be after start."),
        ("0001-01-01T00:00", "2026-12-01T10:00", "Choose a year from 2000 to 2100."),
        (
            "99999-01-01T00:00",
            "2026-12-01T10:00",
            "Enter a date and a time, such as 2026-11-25 08:00.",
        ),
        ("x\x00y", "2026-12-01T10:00", "Enter a date and a time, such as 2026-11-25 08:00."),
        ("2026-12-01T10:00", "2028-12-01T10:00", "At most a year at a time."),
    ],
)
def test_bad_times_are_named(client, device, starts_at, ends_at, message):
    answer = keep(client, device, starts_at, ends_at)
    assert (answer.status_code, message in answer.text) == (422, True)
    assert not BusyBlock.unscoped.exists()


def test_a_time_that_is_booked_is_refused_on_the_form(client, device):
    make.offer(device)
    request = make.sharing_request(device, make.institution("borrower"), state=State.APPROVED)
    day = timezone.localtime(request.starts_at)
    answer = keep(
        client, device, f"{day:%Y-%m-%dT%H:%M}", f"{day + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    )
    assert (answer.status_code, request.reference in answer.text) == (409, True)


def test_a_calendar_is_shown_first_and_then_kept_as_it_was_shown(client, device):
    day = timezone.now().replace(year=YEAR - 1) + timedelta(days=7)
    shown = upload(client, device, calendar(event("a", day), event("b", day, 12)))
    assert (shown.status_code, len(shown.context["rows"])) == (200, 2)
    assert not BusyBlock.unscoped.exists()
    confirm = shown.context["confirm"]
    values = {"seen": confirm["seen"].value(), "reason": "own_use", **KEY}
    assert client.post(address("import-confirm", device), values).status_code == 302
    assert BusyBlock.unscoped.count() == 2
    again = upload(client, device, calendar(event("a", day), event("c", day, 18)))
    assert [row["known"] for row in again.context["rows"]] == [True, False]


def confirm(client, device, shown, key="key-of-a-list"):
    values = {
        "seen": shown.context["confirm"]["seen"].value(),
        "reason": "own_use",
        "idempotency_key": key,
    }
    return client.post(address("import-confirm", device), values, follow=True)


def test_a_moved_and_a_cancelled_event_are_shown_and_then_followed(client, device):
    day = timezone.now() + timedelta(days=7)
    confirm(client, device, upload(client, device, calendar(event("a", day), event("b", day, 12))))
    later = calendar(event("a", day, 15), event("b", day, 12) + "\r\nSTATUS:CANCELLED")
    shown = upload(client, device, later)
    assert [row["moved"] is not None for row in shown.context["rows"]] == [True]
    assert "moved, until now" in shown.text
    assert "No longer in the calendar: removed" in shown.text
    done = confirm(client, device, shown, key="key-of-the-next-list")
    assert "0 times kept, 0 updated. 1 moved, 1 removed." in done.content.decode()
    [block] = BusyBlock.unscoped.all()
    assert (block.source_uid, block.starts_at) == ("a", shown.context["rows"][0]["entry"].starts_at)


def test_a_calendar_with_a_bad_event_cannot_be_kept(client, device):
    day = timezone.now() + timedelta(days=7)
    answer = upload(client, device, calendar(event("good", day), "UID:bad\r\nSUMMARY:x"))
    assert (answer.status_code, answer.context["confirm"]) == (422, None)
    assert "Event 2 (bad): The start is missing." in answer.text


def test_what_is_no_calendar_is_refused(client, device):
    answer = upload(client, device, SimpleUploadedFile("x.ics", b"\x00\xff\xfe", "text/calendar"))
    assert (answer.status_code, "The file is not in UTF-8." in answer.text) == (422, True)


def test_a_list_that_was_tampered_with_or_is_anothers_is_refused(client, device, owner):
    day = timezone.now() + timedelta(days=7)
    seen = upload(client, device, calendar(event("a", day))).context["confirm"]["seen"].value()
    other = make.equipment(owner)
    for target, text in ((device, seen[:-2] + "xx"), (other, seen)):
        answer = client.post(
            address("import-confirm", target), {"seen": text, "reason": "own_use", **KEY}
        )
        assert (answer.status_code, "The list is out of date." in answer.text) == (422, True)
    assert not BusyBlock.unscoped.exists()


def test_a_block_is_removed_after_a_question(client, device, engineer):
    now = timezone.now()
    block = make.block(device, now, now + timedelta(hours=1), by=engineer)
    page = client.get(reverse("resources:block-delete", args=["owner", block.pk]))
    assert "Where the time is offered, others can book it again." in page.text
    assert (
        client.post(reverse("resources:block-delete", args=["owner", block.pk]), KEY).status_code
        == 302
    )
    assert not BusyBlock.unscoped.exists()


def test_foreign_devices_and_blocks_are_not_found(client, engineer):
    foreign = make.equipment(make.institution())
    now = timezone.now()
    block = make.block(foreign, now, now + timedelta(hours=1), by=engineer)
    for name in ("list", "create", "import"):
        assert client.get(address(name, foreign)).status_code == 404
    assert (
        client.post(reverse("resources:block-delete", args=["owner", block.pk]), KEY).status_code
        == 404
    )
    assert keep(client, foreign, "2026-12-01T08:00", "2026-12-01T10:00").status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(
    client, device, engineer, django_assert_num_queries
):
    now = timezone.now()
    make.block(device, now, now + timedelta(hours=1), by=engineer)
    client.get(address("list", device))
    with django_assert_num_queries(6):
        client.get(address("list", device))
    for number in range(29):
        first = now + timedelta(days=number)
        make.block(device, first, first + timedelta(hours=1), by=engineer)
    with django_assert_num_queries(6):
        assert len(client.get(address("list", device)).context["page"].object_list) == 30
