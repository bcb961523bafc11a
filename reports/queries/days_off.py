"""Days that are unlike their weekday, for series that know their dates: public holidays."""

from datetime import date

from medshare_portal import policy
from medshare_portal.models import SpecialDay

HOLIDAY = SpecialDay.Sort.HOLIDAY


def days_off(institution) -> frozenset[date]:
    """Past and to come: of the policy pack, of the city, of the institution, each above the one
    before it.  One statement."""
    sorts = {day: row["sort"] for day, row in policy.current_days().items()}
    own = SpecialDay.objects.holding_at(institution)
    sorts |= dict(own.values_list("day", "sort"))
    return frozenset(day for day, sort in sorts.items() if sort == HOLIDAY)
