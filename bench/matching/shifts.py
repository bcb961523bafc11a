"""People of a generated city, when they may be asked, and the shifts that lack somebody."""

import numpy as np

from bench.matching.asked import asked
from bench.matching.places import Places
from scheduling.matching.problem import DAY, Interval, Person, StaffNeed

DAYS = 14
RARE = 0.2  # who holds a further skill; a third of the shifts ask for one
REST = 11 * 60
PROFESSIONS = {
    "nurse": (0.38, ("iv", "dialysis", "paediatric")),
    "icu-nurse": (0.20, ("ventilation", "ecmo", "paediatric")),
    "physician": (0.16, ("emergency", "intubation", "infection")),
    "anaesthetist": (0.08, ("paediatric", "cardiac")),
    "radiographer": (0.08, ("ct", "mri")),
    "laboratory": (0.10, ("pcr", "blood-bank")),
}
SHIFTS = ((7, 15), (15, 23), (23, 31), (7, 19), (19, 31))  # hours of the day; 31 is 07:00 next day
SHIFT_SHARES = (0.3, 0.22, 0.13, 0.2, 0.15)


def shifts(around: Places, needs: int, demand: float, random: np.random.Generator) -> dict:
    rows = asked(around, needs, random)
    professions = list(PROFESSIONS)
    of = random.choice(len(professions), needs, p=[PROFESSIONS[name][0] for name in professions])
    wanted = tuple(_need(n, professions[of[n]], rows, around, random) for n in range(needs))
    people: list[Person] = []
    nearest = np.argsort(around.kilometres, axis=1)
    for name in professions:
        minutes = sum(row.ends_at - row.starts_at for row in wanted if name in row.skills) / demand
        while minutes > 0:
            person = _person(len(people), name, around, nearest, random)
            minutes -= spare_minutes(person)
            people.append(person)
    return {"people": tuple(people), "staff_needs": wanted}


def spare_minutes(person: Person) -> int:
    """What a person can work on the offered days, a shift of at most 12 hours on each."""
    days = sum((window.ends_at - window.starts_at) // DAY for window in person.available)
    own = [0, 0]
    for shift in person.own_shifts:
        own[min(1, shift.starts_at // (7 * DAY))] += shift.ends_at - shift.starts_at
    return min(12 * 60 * days, sum(max(0, person.weekly_cap_minutes - minutes) for minutes in own))


def _need(place: int, profession: str, rows, around: Places, random) -> StaffNeed:
    start, end = SHIFTS[random.choice(len(SHIFTS), p=SHIFT_SHARES)]
    day = int(random.integers(0, DAYS - 1))
    extra = str(random.choice(PROFESSIONS[profession][1]))
    return StaffNeed(
        id=f"sn{place:05d}",
        institution=around.institutions[rows.institution[place]].id,
        skills=frozenset({profession, extra} if random.random() < 0.35 else {profession}),
        starts_at=day * DAY + start * 60,
        ends_at=day * DAY + end * 60,
        urgency=rows.urgency[place],
        posted_at=int(rows.posted_at[place]),
    )


def _person(place: int, profession: str, around: Places, nearest, random) -> Person:
    home = random.choice(len(around.institutions), p=around.supply)
    reach = int(random.integers(8, 41))
    near = nearest[home, 1 : 2 * reach + 1]
    approved = random.choice(near, min(reach, len(near)), replace=False)
    own, free = _fortnight(random)
    extra = {skill for skill in PROFESSIONS[profession][1] if random.random() < RARE}
    return Person(
        id=f"p{place:05d}",
        institution=around.institutions[home].id,
        skills=frozenset({profession, *extra}),
        available=free,
        approved_at=frozenset(around.institutions[other].id for other in approved),
        own_shifts=own,
        weekly_cap_minutes=44 * 60 if random.random() < 0.8 else 48 * 60,
        longest_travel_minutes=int(random.choice((45, 60, 90))),
    )


def _fortnight(random) -> tuple[tuple[Interval, ...], tuple[Interval, ...]]:
    """Some days on end at home, then some off; on most of those the person may be asked, at any
    hour.  What touches is one window."""
    own, free = [], []
    day, at_home = 0, bool(random.random() < 0.5)
    while day < DAYS:
        days = range(day, min(DAYS, day + int(random.integers(2, 5))))
        if at_home:
            start = 60 * int(random.choice((7, 8, 14)))
            own += [Interval(d * DAY + start, d * DAY + start + 8 * 60) for d in days]
        elif random.random() < 0.85:
            free.append(Interval(days[0] * DAY + 6 * 60, (days[-1] + 1) * DAY + 7 * 60))
        day, at_home = days[-1] + 1, not at_home
    return tuple(own), tuple(free)
