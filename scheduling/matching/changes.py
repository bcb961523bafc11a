"""What came between two problems of the same round: what a revision has to look at again.

Moments count from each problem's own start, so those of the earlier one are moved.  Only what makes
a plan better or unsound counts: an offer that became less is found where its matches break.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduling.matching.problem import (
    EquipmentNeed,
    Interval,
    Kind,
    Lot,
    MedicineNeed,
    Person,
    Problem,
    StaffNeed,
    Unit,
)

# Of the needs, or of the offers, of a kind; with more, blocks take longer and find less than all.
MOST_CHANGED = 0.1


@dataclass(frozen=True)
class Changes:
    """``needs``: new ones and those that ask for something else; ``offers``: new ones and those
    that offer more."""

    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Moved:
    """From the moments of the earlier problem to those of the later."""

    minutes: int
    days: int
    known_until: int  # what lies behind it nobody had looked at before

    def at(self, minute: int) -> int:
        return max(minute - self.minutes, 0)

    def day(self, day: int) -> int:
        return max(day - self.days, 0)


def changes(before: Problem, after: Problem) -> Changes:
    moved, still = _moved(before, after), _Moved(0, 0, after.horizon.minutes)
    renewed = _renewed(before, after, moved)
    needs, offers = [], []
    for kind in Kind:
        asked = {need.id: _asks(need, moved) for need in before.needs(kind)}
        needs += [
            n.id
            for n in after.needs(kind)
            if asked.get(n.id) != _asks(n, still) or n.institution in renewed
        ]
        offered = {offer.id: offer for offer in before.offers(kind)}
        gives_more = GIVES_MORE[kind]
        offers += [
            offer.id
            for offer in after.offers(kind)
            if offer.id not in offered
            or offer.institution in renewed
            or gives_more(offered[offer.id], offer, moved)
        ]
    return Changes(tuple(needs), tuple(offers))


def much_changed(before: Problem, after: Problem, found: Changes) -> set[Kind]:
    """Kinds of which too much came, changed or went for a revision to decide it piece by piece."""
    return {
        kind
        for kind in Kind
        if _share(before.needs(kind), after.needs(kind), found.needs) > MOST_CHANGED
        or _share(before.offers(kind), after.offers(kind), found.offers) > MOST_CHANGED
    }


def _share(before: Iterable, after: Iterable, changed: Iterable[str]) -> float:
    then, now = ({row.id for row in rows} for rows in (before, after))
    differ = len(now & set(changed)) + len(then - now)
    return differ / max(len(then), len(now), 1)


def _moved(before: Problem, after: Problem) -> _Moved:
    then, now = (datetime.fromisoformat(row.horizon.starts_at) for row in (before, after))
    minutes = int((now - then).total_seconds() // 60)
    local = now.astimezone(then.tzinfo).date()
    return _Moved(minutes, (local - then.date()).days, before.horizon.minutes - minutes)


def _renewed(before: Problem, after: Problem, moved: _Moved) -> set[str]:
    """Institutions whose practice licence lasts longer than it did."""
    known = {row.id: row.licensed_to for row in before.institutions}
    return {
        row.id
        for row in after.institutions
        if (then := known.get(row.id)) is not None
        and (row.licensed_to is None or row.licensed_to > then - moved.days)
    }


def _asks(need: EquipmentNeed | MedicineNeed | StaffNeed, moved: _Moved) -> tuple:
    """What it asks for, in plain values that two problems share."""
    common = need.institution, need.urgency, need.longest_travel_minutes
    if isinstance(need, EquipmentNeed):
        window = moved.at(need.earliest), need.latest - moved.minutes, need.duration_minutes
        return *common, need.item, need.capabilities, *window
    if isinstance(need, StaffNeed):
        shift = need.starts_at - moved.minutes, need.ends_at - moved.minutes
        return *common, need.skills, *shift
    return *common, need.item, need.packs, moved.day(need.by_day), need.minimum_life_days


def _more_time(before: Iterable[Interval], after: Iterable[Interval], moved: _Moved) -> bool:
    """Whether there is a time in ``after`` that was known of and not free before."""
    known = [(row.starts_at - moved.minutes, row.ends_at - moved.minutes) for row in before]
    known = _merged(known)
    for row in after:
        end = min(row.ends_at, moved.known_until)
        if row.starts_at < end and not any(
            first <= row.starts_at and end <= last for first, last in known
        ):
            return True
    return False


def _merged(times: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted(times):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def _unit_gives_more(before: Unit, after: Unit, moved: _Moved) -> bool:
    return _more_time(before.windows, after.windows, moved)


def _lot_gives_more(before: Lot, after: Lot, moved: _Moved) -> bool:
    return (
        after.packs > before.packs
        or (before.recalled and not after.recalled)
        or (after.recorded and not before.recorded)
        or after.arrival_life_days < before.arrival_life_days
    )


def _person_gives_more(before: Person, after: Person, moved: _Moved) -> bool:
    """Also where a shift of its own has gone: what it may work on other days depends on it."""
    shifts = {(row.starts_at, row.ends_at) for row in after.own_shifts}
    gone = {
        (row.starts_at - moved.minutes, row.ends_at - moved.minutes) for row in before.own_shifts
    } - shifts
    return (
        _more_time(before.available, after.available, moved)
        or any(end > 0 for _start, end in gone)
        or bool(after.skills - before.skills or after.approved_at - before.approved_at)
    )


GIVES_MORE: dict[Kind, Callable[..., bool]] = {
    Kind.EQUIPMENT: _unit_gives_more,
    Kind.MEDICINE: _lot_gives_more,
    Kind.STAFF: _person_gives_more,
}
