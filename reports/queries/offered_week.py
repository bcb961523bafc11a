"""Which hours of an ordinary week are offered already, device by device."""

from dataclasses import dataclass
from datetime import time

import numpy as np

from resources.enums import OfferStatus
from resources.models import IdleWindow

WEEK, DAY = 168, 24
NO_HOURS = np.zeros(WEEK, dtype=bool)


@dataclass(frozen=True, kw_only=True)
class OfferedWeek:
    """``hours[h]``: whether the published offer covers hour ``h`` of the week, Monday's first."""

    offer: int
    hours: np.ndarray

    def leaves_free(self, weekday: int, first: int, last: int) -> bool:
        return not self.hours[DAY * weekday + first : DAY * weekday + last].any()


def offered_weeks(institution) -> dict[int, OfferedWeek]:
    """{device: what its published offer covers}.  One statement; an hour counts that is offered
    in part."""
    rows = IdleWindow.objects.owned_by(institution).filter(offer__status=OfferStatus.PUBLISHED)
    found: dict[int, OfferedWeek] = {}
    for offer, device, weekday, starts, ends in rows.values_list(
        "offer", "offer__resource", "weekday", "starts", "ends"
    ):
        week = found.setdefault(device, OfferedWeek(offer=offer, hours=NO_HOURS.copy()))
        first = DAY * weekday + starts.hour
        length = (_last_hour(ends) - starts.hour - 1) % DAY + 1
        week.hours[np.arange(first, first + length) % WEEK] = True
    return found


def _last_hour(ends: time) -> int:
    return ends.hour + bool(ends.minute)


def offered_units(weeks: dict[int, OfferedWeek], units_of: dict[int, int]) -> np.ndarray:
    """Units of a class that are offered in each hour of the week."""
    total = np.zeros(WEEK, dtype=int)
    for device, units in units_of.items():
        if device in weeks:
            total += units * weeks[device].hours
    return total
