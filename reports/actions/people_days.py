"""Keep who stands behind figures of people: days of the city, as the waits are."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.models import PeopleOfMonth, UsageFact
from reports.periods import next_month
from resources.kinds import kinds_of_people
from scheduling.states import State

REASON = "how many people stand behind a figure is counted by the system, not who they are"
WIDE = timedelta(days=2)  # beyond any zone's day
AT_ONCE = 1000
Key = tuple[date, str, int, int]  # month, side, institution, person


def count(first: date, last: date) -> dict[Key, int]:
    """What these days come to, as bits of their months; they must be over everywhere."""
    rows = UsageFact.objects.everywhere(reason=REASON).filter(
        kind__in=kinds_of_people(), state=State.CLOSED, version=1,
        ended_at__gte=datetime.combine(first, time(), UTC) - WIDE,
        ended_at__lt=datetime.combine(last, time(), UTC) + WIDE,
    )  # fmt: skip
    found: dict[Key, int] = defaultdict(int)
    values = ("owner_key", "borrower_key", "resource_key", "ended_at", "time_zone")
    for owner, borrower, person, ended, zone in rows.values_list(*values).iterator(AT_ONCE):
        day = ended.astimezone(ZoneInfo(zone)).date()
        if first <= day <= last:
            for side, institution in (("owner", owner), ("borrower", borrower)):
                found[day.replace(day=1), side, institution, person] |= bit(day)
    return found


def bit(day: date) -> int:
    return 1 << (day.day - 1)


def bits(month: date, first: date, last: date) -> int:
    """The days of a month that lie in a span."""
    until = min(last, next_month(month) - timedelta(days=1))
    days = range(max(first, month).toordinal(), until.toordinal() + 1)
    return sum(bit(date.fromordinal(day)) for day in days)


def stored(first: date, last: date) -> dict[Key, PeopleOfMonth]:
    rows = PeopleOfMonth.objects.everywhere(reason=REASON).filter(
        month__range=(first.replace(day=1), last)
    )
    return {(row.month, row.side, row.institution_key, row.person_key): row for row in rows}


def kept(first: date, last: date) -> dict[Key, int]:
    """What is stored of these days, without people of none of them."""
    found = {key: row.days & bits(key[0], first, last) for key, row in stored(first, last).items()}
    return {key: days for key, days in found.items() if days}


def replace(first: date, last: date) -> int:
    """Make these days what they come to; returns how many rows were changed."""
    counted, rows, changed, fresh, gone = count(first, last), stored(first, last), [], [], []
    for key in sorted({*counted, *rows}):
        row = rows.get(key)
        others = row.days & ~bits(key[0], first, last) if row else 0
        days = others | counted.get(key, 0)
        if row is None:
            names = ("month", "side", "institution_key", "person_key")
            fresh.append(PeopleOfMonth(**dict(zip(names, key, strict=True)), days=days))
        elif not days:
            gone.append(row.pk)
        elif days != row.days:
            row.days = days
            changed.append(row)
    manager = PeopleOfMonth.objects.everywhere(reason=REASON)
    manager.filter(pk__in=gone).delete()
    manager.bulk_update(changed, ["days"], batch_size=AT_ONCE)
    PeopleOfMonth.objects.bulk_create(fresh, batch_size=AT_ONCE)
    return len(changed) + len(fresh) + len(gone)
