"""Usable today, not tomorrow, in every time zone."""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from resources.kinds.medicine.usability import (
    Against,
    day_at,
    days_left,
    reasons_against,
    usable_on,
)

TODAY = date(2026, 11, 22)


@dataclass
class Facts:
    expiry_date: date | None = TODAY
    quarantine_state: str = "released"
    pack_state: str = "sealed"


def test_a_lot_that_expires_today_is_usable_today_and_not_tomorrow():
    assert usable_on(Facts(), TODAY)
    assert reasons_against(Facts(), TODAY + timedelta(days=1)) == [Against.EXPIRED]
    assert days_left(TODAY, TODAY) == 0


@pytest.mark.parametrize("zone", sorted(zoneinfo.available_timezones()))
def test_it_holds_until_midnight_at_the_site_wherever_that_is(zone):
    midnight = datetime.combine(TODAY + timedelta(days=1), time(0), zoneinfo.ZoneInfo(zone))
    # A zone may jump over a midnight; the last second of the day and the first one after it are
    # what counts, on the site's own clock.
    moment = midnight.astimezone(UTC)
    assert usable_on(Facts(), day_at(moment - timedelta(seconds=1), zone))
    assert not usable_on(Facts(), day_at(moment, zone))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(expiry_date=None), Against.NO_DATE),
        (Facts(quarantine_state="recalled"), Against.RECALLED),
        (Facts(quarantine_state="quarantine"), Against.QUARANTINE),
        (Facts(quarantine_state="rejected"), Against.REJECTED),
        (Facts(pack_state="opened"), Against.NOT_SEALED),
        (Facts(pack_state="patient_return"), Against.NOT_SEALED),
    ],
)
def test_each_reason_is_named(facts, reason):
    assert reasons_against(facts, TODAY) == [reason]


def test_all_reasons_are_named_at_once():
    facts = Facts(date(2020, 1, 1), "recalled", "damaged")
    assert reasons_against(facts, TODAY) == [
        Against.EXPIRED,
        Against.RECALLED,
        Against.NOT_SEALED,
    ]
