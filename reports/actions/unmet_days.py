"""Keep why demands were not met: counted by day from the facts of demand that ended on it, of each
institution and of the city.

They are days of the city, as the waits are: a fact that is written afterwards leaves a mark.  A
fact of demand knows no place, so its day is that of the city's clock.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from medshare_portal.local_times import midnight
from reports.actions import marks
from reports.actions.waits import CITY
from reports.models import DemandFact, UnmetOfDay
from reports.unmet import why_of

REASON = "why demands were not met is counted by the system, of every institution"
A_DAY = timedelta(days=1)
AT_ONCE = 1000
Key = tuple[date, int, str, str]  # day, institution, kind, why


def day_of(moment: datetime) -> date:
    return moment.astimezone(timezone.get_default_timezone()).date()


def count(first: date, last: date) -> Counter[Key]:
    rows = DemandFact.objects.everywhere(reason=REASON).counted_once().not_met()
    rows = rows.filter(ended_at__gte=midnight(first), ended_at__lt=midnight(last + A_DAY))
    found: Counter[Key] = Counter()
    values = rows.values_list("institution_key", "kind", "outcome", "reason_code", "ended_at")
    for institution, kind, outcome, reason, ended in values.iterator(AT_ONCE):
        day, why = day_of(ended), why_of(outcome, reason)
        found[day, institution, kind, why] += 1
        found[day, CITY, kind, why] += 1
    return found


def stored(first: date, last: date) -> dict[Key, UnmetOfDay]:
    rows = UnmetOfDay.objects.everywhere(reason=REASON).filter(day__range=(first, last))
    return {(row.day, row.institution_key, row.kind, row.why): row for row in rows}


def replace(first: date, last: date) -> int:
    """Make the rows of these days what they come to; returns how many were changed."""
    counted, kept = count(first, last), stored(first, last)
    gone = [row.pk for key, row in kept.items() if counted[key] != row.number]
    fresh = [
        UnmetOfDay(day=key[0], institution_key=key[1], kind=key[2], why=key[3], number=number)
        for key, number in sorted(counted.items())
        if number and (key not in kept or kept[key].number != number)
    ]
    if gone:
        UnmetOfDay.objects.everywhere(reason=REASON).filter(pk__in=gone).delete()
    UnmetOfDay.objects.bulk_create(fresh, batch_size=AT_ONCE)
    return len(gone) + len(fresh)


def tell(ended: Iterable[datetime], *, now: datetime) -> None:
    """Facts of these moments were written: the days of them that are over are counted anew."""
    days = sorted({day_of(moment) for moment in ended})
    if days:
        last = min(days[-1], day_of(now) - A_DAY)
        marks.leave(CITY, first=days[0], last=last, cause="demand", now=now)
