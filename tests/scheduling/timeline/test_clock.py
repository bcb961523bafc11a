"""The clock of a drawing says what the portal says elsewhere."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from medshare_portal.local_times import describe_period
from scheduling.timeline.clock import Clock

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)  # before the clocks go back in Berlin


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("hours", [0.5, 1, 3, 4, 30])
def test_a_period_is_worded_as_everywhere(language, hours):
    end = NIGHT + timedelta(hours=hours)
    with override(language):
        clock = Clock(BERLIN)
        said = [clock.period(NIGHT, end), clock.period(end, end + timedelta(hours=1))]
        assert said == [
            describe_period(NIGHT, end, tz=BERLIN),
            describe_period(end, end + timedelta(hours=1), tz=BERLIN),
        ]
