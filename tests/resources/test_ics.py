from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from resources.calendar_changes import Kept
from resources.ics import MAX_BYTES, Unreadable, read

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def calendar(*events):
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t\r\n{body}END:VCALENDAR\r\n".encode()


def lines(*parts):
    return "\r\n".join(parts)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def spans(*events, zone=SHANGHAI):
    reading = read(calendar(*events), zone=zone, now=NOW)
    assert reading.problems == []
    return [(entry.starts_at, entry.ends_at) for entry in reading.entries]


def problem(*parts):
    reading = read(
        calendar(
            "UID:ok\r\nDTSTART:20261201T080000\r\nDTEND:20261201T090000", lines("UID:bad", *parts)
        ),
        zone=SHANGHAI,
        now=NOW,
    )
    assert len(reading.entries) == 1
    [found] = reading.problems
    assert (found.number, found.uid) == (2, "bad")
    return found.text


def test_a_floating_time_is_the_clock_of_the_site():
    event = lines("UID:a", "SUMMARY:Service", "DTSTART:20261201T080000", "DTEND:20261201T120000")
    assert read(calendar(event), zone=SHANGHAI, now=NOW).entries == [
        Kept(utc(2026, 12, 1, 0), utc(2026, 12, 1, 4), "Service", "a")
    ]


def test_utc_and_named_zones_are_understood():
    assert spans(
        "DTSTART:20261201T080000Z\r\nDTEND:20261201T090000Z",
        "DTSTART;TZID=Europe/Berlin:20261202T080000\r\nDURATION:PT90M",
    ) == [
        (utc(2026, 12, 1, 8), utc(2026, 12, 1, 9)),
        (utc(2026, 12, 2, 7), utc(2026, 12, 2, 8, 30)),
    ]


def test_an_all_day_event_is_the_sites_day():
    assert spans("DTSTART;VALUE=DATE:20261201") == [(utc(2026, 11, 30, 16), utc(2026, 12, 1, 16))]


def test_a_day_on_which_the_clock_changes_has_its_true_length():
    reading = read(calendar("DTSTART;VALUE=DATE:20270328"), zone=BERLIN, now=NOW)
    [entry] = reading.entries
    assert entry.ends_at - entry.starts_at == timedelta(hours=23)


def test_a_weekly_repetition_keeps_its_local_hour_over_the_clock_change():
    found = spans(
        "DTSTART;TZID=Europe/Berlin:20270321T090000\r\nDTEND;TZID=Europe/Berlin:20270321T100000\r\nRRULE:FREQ=WEEKLY;COUNT=2",
        zone=BERLIN,
    )
    assert found == [
        (utc(2027, 3, 21, 8), utc(2027, 3, 21, 9)),
        (utc(2027, 3, 28, 7), utc(2027, 3, 28, 8)),
    ]


def test_exceptions_and_moved_occurrences_are_taken_out():
    first = lines(
        "UID:w",
        "DTSTART:20261201T080000",
        "DTEND:20261201T090000",
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE:20261202T080000",
    )
    moved = lines(
        "UID:w", "RECURRENCE-ID:20261203T080000", "DTSTART:20261203T180000", "DTEND:20261203T190000"
    )
    assert [start for start, _end in spans(first, moved)] == [
        utc(2026, 12, 1, 0),
        utc(2026, 12, 3, 10),
        utc(2026, 12, 4, 0),
    ]


def test_an_endless_repetition_ends_a_year_ahead():
    found = spans("DTSTART:20261201T080000\r\nDTEND:20261201T090000\r\nRRULE:FREQ=WEEKLY")
    assert len(found) == 52
    assert found[-1][0] < NOW + timedelta(days=366)


def test_until_counts_the_last_day():
    assert (
        len(
            spans(
                "DTSTART:20261201T080000\r\nDTEND:20261201T090000\r\nRRULE:FREQ=DAILY;UNTIL=20261203T000000Z"
            )
        )
        == 3
    )


def test_cancelled_free_and_bygone_events_are_skipped():
    reading = read(
        calendar(
            "DTSTART:20261201T080000\r\nDTEND:20261201T090000\r\nSTATUS:CANCELLED",
            "DTSTART:20261201T080000\r\nDTEND:20261201T090000\r\nTRANSP:TRANSPARENT",
            "DTSTART:20200101T080000\r\nDTEND:20200101T090000",
        ),
        zone=SHANGHAI,
        now=NOW,
    )
    assert (reading.entries, reading.problems, reading.skipped) == ([], [], 3)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["DTEND:20261201T090000"], "The start is missing."),
        (["DTSTART:20261201T080000", "DTEND:20261201T080000"], "The end is not after the start."),
        (["DTSTART:20261201T080000"], "The end is not after the start."),
        (
            ["DTSTART:20261201T080000", "DTEND;VALUE=DATE:20261202"],
            "Start and end are not of the same kind.",
        ),
        (
            ["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20280101"],
            "It lasts longer than a year.",
        ),
        (["DTSTART;VALUE=DATE:00010101"], "The year 1 is out of range."),
        (
            ["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=SECONDLY"],
            "Only daily, weekly, monthly and yearly repetitions are read.",
        ),
        (
            ["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=1000000"],
            "It repeats more than 1000 times.",
        ),
        (
            ["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;INTERVAL=0"],
            "The interval of the repetition is not between 1 and 1000.",
        ),
        (
            [
                "DTSTART:20261201T080000",
                "DURATION:PT1H",
                "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2",
            ],
            "Only one time of day per repetition is read.",
        ),
        (
            ["DTSTART;VALUE=DATE:20100101", "RRULE:FREQ=DAILY"],
            "The repetition begins more than ten years ago.",
        ),
        (
            [
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T080000",
                "DTSTART:20261203T180000",
                "DURATION:PT1H",
            ],
            "A change of one date and all that follow is not read.",
        ),
    ],
)
def test_a_bad_event_is_named_by_number_and_uid(parts, text):
    assert problem(*parts) == text


def test_a_repetition_that_never_happens_ends():
    assert (
        spans("DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=DAILY;COUNT=5;BYMONTH=2;BYMONTHDAY=30")
        == []
    )
    assert spans("DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == []


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"x" * (MAX_BYTES + 1), "The file is larger than 1 MB."),
        (b"PK\x03\x04\x00\x00\xff", "The file is not in UTF-8."),
        (b"hello", "This is not a calendar file."),
        (b"", "This is not a calendar file."),
        (calendar(*["DTSTART:20261201T080000"] * 2001), "More than 2000 events in one file."),
        (
            calendar(*["DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=DAILY"] * 8),
            "More than 2000 dates in one file.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, text):
    with pytest.raises(Unreadable, match=text):
        read(content, zone=SHANGHAI, now=NOW)


def test_a_nul_in_a_title_is_dropped():
    reading = read(
        calendar("SUMMARY:a\x00b\r\nDTSTART;VALUE=DATE:20261201"), zone=SHANGHAI, now=NOW
    )
    assert [entry.note for entry in reading.entries] == ["ab"]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_the_newest_revision_of_an_event_counts():
    old, new = (
        f"UID:a\r\nSEQUENCE:{number}\r\nDTSTART:2026120{number}T080000\r\nDTEND:2026120{number}T090000"
        for number in (1, 2)
    )
    for events in ((old, new), (new, old)):
        reading = read(calendar(*events), zone=SHANGHAI, now=NOW)
        assert [entry.starts_at for entry in reading.entries] == [utc(2026, 12, 2, 0)]
        assert (reading.skipped, reading.named) == (1, {"a": None})


def test_an_occurrence_says_which_one_it_replaces():
    event = lines(
        "UID:w", "RECURRENCE-ID:20261203T080000", "DTSTART:20261203T180000", "DTEND:20261203T190000"
    )
    [entry] = read(calendar(event), zone=SHANGHAI, now=NOW).entries
    assert entry.occurrence == utc(2026, 12, 3, 0)


SERIES = "UID:w\r\nDTSTART:20261202T080000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2"
CHANGED = "UID:w\r\nRECURRENCE-ID:20261203T080000\r\nDTSTART:20261203T180000\r\nDURATION:PT1H"
FIRST, SECOND = utc(2026, 12, 2, 0), utc(2026, 12, 3, 0)


def test_a_changed_occurrence_alone_speaks_of_no_other():
    assert read(calendar(CHANGED), zone=SHANGHAI, now=NOW).named == {"w": frozenset([SECOND])}
    whole = read(calendar(SERIES, CHANGED), zone=SHANGHAI, now=NOW)
    assert whole.named == {"w": None}
    assert [entry.occurrence for entry in whole.entries] == [FIRST, SECOND]


def test_an_event_that_happens_once_is_no_occurrence():
    event = lines("UID:o", "DTSTART:20261203T180000", "DURATION:PT1H")
    [entry] = read(calendar(event), zone=SHANGHAI, now=NOW).entries
    assert entry.occurrence is None


def test_a_nul_in_a_uid_is_dropped():
    event = "UID:a\x00b\r\nDTSTART;VALUE=DATE:20261201"
    reading = read(calendar(event), zone=SHANGHAI, now=NOW)
    assert ([entry.uid for entry in reading.entries], [*reading.named]) == (["ab"], ["ab"])


def test_a_cancelled_event_is_named_though_it_keeps_nothing():
    event = lines("UID:c", "STATUS:CANCELLED", "DTSTART:20261203T080000", "DURATION:PT1H")
    reading = read(calendar(event), zone=SHANGHAI, now=NOW)
    assert (reading.entries, reading.named) == ([], {"c": None})


@pytest.mark.parametrize(
    "line",
    [
        "RECURRENCE-ID:00010101T000000",
        "RECURRENCE-ID:x",
        "RECURRENCE-ID:20261203T080000\r\nRECURRENCE-ID:20261204T080000",
        "SEQUENCE:x",
        "SEQUENCE:1\r\nSEQUENCE:2",
        "SEQUENCE:-1",
    ],
)
def test_a_malformed_revision_is_no_fault_of_ours(line):
    event = lines("UID:w", line, "DTSTART:20261203T180000", "DTEND:20261203T190000")
    reading = read(calendar(event), zone=SHANGHAI, now=NOW)
    assert len(reading.entries) + len(reading.problems) == 1
