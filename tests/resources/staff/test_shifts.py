"""Shifts of people: entered, imported all or none, and never over a booking."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from resources.models import CommittedShift
from tests import make

pytestmark = pytest.mark.django_db
KEY = {"idempotency_key": "key-of-a-form"}
YEAR = timezone.now().year + 1


@pytest.fixture
def home():
    return make.institution("home")


@pytest.fixture
def nurse(home):
    return make.person(home, code="N-1")


@pytest.fixture(autouse=True)
def manager(home, client):
    person = make.user(at=home, role="staffing_manager")
    client.force_login(person)
    return person


def address(name, *args):
    return reverse(f"resources:{name}", args=["home", *args])


def add(client, nurse, starts_at, ends_at, pause=30):
    values = {"employer": "home", "starts_at": starts_at, "ends_at": ends_at, "note": ""}
    return client.post(address("shift-add", nurse.pk), values | {"break_minutes": pause} | KEY)


def roster(client, *lines, header="badge,start,end,break,employer"):
    text = "\n".join([header, *lines])
    file = SimpleUploadedFile("roster.csv", text.encode(), "text/csv")
    return client.post(address("roster-import"), {"file": file, **KEY})


def confirm(client, answer):
    seen = answer.context["confirm"].initial["seen"]
    return client.post(
        address("shift-import-confirm"), {"seen": seen, "idempotency_key": "other-key"}
    )


def test_a_shift_is_entered_in_the_clock_of_the_site_and_taken_away(client, nurse):
    assert add(client, nurse, f"{YEAR}-03-01T20:00", f"{YEAR}-03-02T08:00").status_code == 302
    shift = CommittedShift.unscoped.get()
    assert (shift.starts_at, shift.break_minutes) == (datetime(YEAR, 3, 1, 12, tzinfo=UTC), 30)
    assert "30 min" in client.get(address("shift-list", nurse.pk)).text
    gone = client.post(address("shift-remove", shift.pk), {"idempotency_key": "another-key"})
    assert gone.status_code == 302
    assert not CommittedShift.unscoped.exists()


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "pause", "message"),
    [
        (f"{YEAR}-03-01T20:00", f"{YEAR}-03-01T20:00", 0, "End must be after start."),
        (f"{YEAR}-03-01T20:00", f"{YEAR}-03-04T20:00", 0, "A shift lasts at most 36 hours."),
        (f"{YEAR}-03-01T20:00", f"{YEAR}-03-01T20:30", 30, "The break is as long as the shift."),
        (f"{YEAR}-03-01T20:00", f"{YEAR}-03-02T08:00", -1, "greater than or equal to 0"),
        ("soon", f"{YEAR}-03-02T08:00", 0, "Enter a date and a time"),
    ],
)
def test_bad_shifts_are_named(client, nurse, starts_at, ends_at, pause, message):
    answer = add(client, nurse, starts_at, ends_at, pause)
    assert (answer.status_code, message in answer.text) == (422, True)
    assert not CommittedShift.unscoped.exists()


def test_two_shifts_do_not_begin_at_once(client, nurse):
    add(client, nurse, f"{YEAR}-03-01T20:00", f"{YEAR}-03-02T08:00")
    values = {
        "employer": "home",
        "starts_at": f"{YEAR}-03-01T20:00",
        "ends_at": f"{YEAR}-03-02T06:00",
        "break_minutes": 0,
    }
    answer = client.post(address("shift-add", nurse.pk), values | {"idempotency_key": "second-key"})
    assert answer.status_code == 409
    assert "A shift of this person begins then already." in answer.text


def test_a_roster_is_shown_first_and_then_written_whole(client, home, nurse):
    make.person(home, code="N-2")
    lines = [
        f"N-1,{YEAR}-03-01 20:00,{YEAR}-03-02 08:00,60,home",
        f"N-2,{YEAR}-03-01 08:00,{YEAR}-03-01 16:00,,",
    ]
    answer = roster(client, *lines)
    assert answer.status_code == 200
    assert not CommittedShift.unscoped.exists()
    assert confirm(client, answer).status_code == 302
    kept = CommittedShift.unscoped.order_by("starts_at").values_list(
        "resource__code", "break_minutes"
    )
    assert list(kept) == [("N-2", 0), ("N-1", 60)]

    again = roster(client, f"N-1,{YEAR}-03-01 20:00,{YEAR}-03-02 06:00,45,other")
    client.post(
        address("shift-import-confirm"),
        {"seen": again.context["confirm"].initial["seen"], "idempotency_key": "third-key"},
    )
    shift = CommittedShift.unscoped.get(resource=nurse)
    assert (shift.ends_at.hour, shift.break_minutes, shift.employer) == (22, 45, "other")


def test_a_roster_names_every_fault_by_line_and_column_and_writes_nothing(client, nurse):
    answer = roster(
        client,
        f"N-9,{YEAR}-03-01 20:00,{YEAR}-03-02 08:00,60,home",
        f"N-1,{YEAR}-03-01 20:00,{YEAR}-03-01 08:00,60,home",
        f"N-1,tomorrow,{YEAR}-03-01 08:00,x,abroad",
        f"N-1,{YEAR}-03-05 08:00,{YEAR}-03-05 16:00,0,home",
        f"N-1,{YEAR}-03-05 15:00,{YEAR}-03-05 20:00,0,home",
    )
    assert answer.status_code == 422
    said = [(problem.line, problem.column) for problem in answer.context["problems"]]
    assert said == [
        (2, "badge"),
        (3, "end"),
        (4, "start"),
        (4, "employer"),
        (4, "break"),
        (6, "start"),
    ]
    assert "Line 6, column start: Overlaps the shift" in answer.text
    assert answer.context["confirm"] is None
    assert not CommittedShift.unscoped.exists()


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("badge,start", "Missing columns: end."),
        ("badge,start,end,salary", "Unknown columns: salary."),
        ("\x00", "The file is not text"),
    ],
)
def test_a_file_with_other_columns_is_refused(client, nurse, header, message):
    answer = roster(client, header=header)
    assert (answer.status_code, message in answer.text) == (422, True)


def test_a_list_that_was_tampered_with_is_refused(client, nurse):
    answer = client.post(address("shift-import-confirm"), {"seen": "forged", **KEY})
    assert answer.status_code == 422
    assert "The list is out of date." in answer.text


def calendar(client, nurse, *moments):
    return event(client, nurse, *(f"DTSTART:{moment:%Y%m%dT%H%M%S}Z" for moment in moments))


def event(client, nurse, *whens):
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:event-{number}\r\nSUMMARY:Clinic X\r\n"
        f"{when}\r\nDURATION:PT8H\r\nEND:VEVENT\r\n"
        for number, when in enumerate(whens)
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t\r\n{events}END:VCALENDAR\r\n"
    file = SimpleUploadedFile("own.ics", text.encode(), "text/calendar")
    data = {"employer": "other", "file": file, **KEY}
    return client.post(address("shift-calendar-import", nurse.pk), data)


def test_a_calendar_takes_times_only_and_follows_its_changes(client, nurse):
    day = timezone.now().replace(microsecond=0) + timedelta(days=20)
    assert confirm(client, calendar(client, nurse, day)).status_code == 302
    shift = CommittedShift.unscoped.get()
    assert (shift.starts_at, shift.note, shift.employer) == (day, "", "other")

    later = day + timedelta(days=1)
    moved = calendar(client, nurse, later)
    assert "No longer in the calendar: removed" in moved.text
    seen = moved.context["confirm"].initial["seen"]
    client.post(address("shift-import-confirm"), {"seen": seen, "idempotency_key": "third-key"})
    assert CommittedShift.unscoped.get().starts_at == later
    stale = {"seen": seen, "idempotency_key": "fourth-key"}
    assert client.post(address("shift-import-confirm"), stale).status_code == 409


def test_one_changed_date_of_a_repeating_event_moves_that_shift_only(client, nurse):
    day = timezone.now().replace(microsecond=0) + timedelta(days=20)
    weekly = f"DTSTART:{day:%Y%m%dT%H%M%S}Z\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert confirm(client, event(client, nurse, weekly)).status_code == 302
    second, later = day + timedelta(days=7), day + timedelta(days=8)
    change = f"RECURRENCE-ID:{second:%Y%m%dT%H%M%S}Z\r\nDTSTART:{later:%Y%m%dT%H%M%S}Z"
    seen = event(client, nurse, change).context["confirm"].initial["seen"]
    client.post(address("shift-import-confirm"), {"seen": seen, "idempotency_key": "third-key"})
    starts = CommittedShift.unscoped.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [day, later, day + timedelta(days=14)]


def test_neither_a_shift_nor_a_booking_lies_over_the_other(client, home, nurse, manager):
    make.offer(nurse)
    host = make.institution("host")
    booked = make.sharing_request(nurse, host, state="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.shift(nurse, booked.starts_at, by=manager)
    answer = add(
        client,
        nurse,
        f"{timezone.localtime(booked.starts_at):%Y-%m-%dT%H:%M}",
        f"{timezone.localtime(booked.ends_at):%Y-%m-%dT%H:%M}",
    )
    assert answer.status_code in {409, 422}
    free = booked.ends_at + timedelta(days=3)
    make.shift(nurse, free, by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.sharing_request(
            nurse, host, state="approved", starts_at=free, ends_at=free + timedelta(hours=4)
        )
