"""Small problems of the matcher's staff kind, by hand and by chance."""

import numpy as np

from scheduling.matching.problem import (
    DAY,
    Horizon,
    Institution,
    Interval,
    Kind,
    Person,
    Problem,
    StaffNeed,
    Urgency,
)

HOUR = 60
SKILLS = ("nurse", "icu")
PLACES = ("renhe", "tongji", "huashan", "ruijin")


def city(*, people=(), needs=(), places=PLACES, **fields) -> Problem:
    """Institutions in a row, 4 km, 19 minutes from each to the next."""
    rows = tuple(
        Institution(name, 31.2 + 0.0277 * place, 121.4) for place, name in enumerate(places)
    )
    return Problem(
        Horizon("2026-11-30T00:00:00+08:00"),
        fields.pop("institutions", rows),
        people=tuple(people),
        staff_needs=tuple(needs),
        **fields,
    )


def person(name="wang", institution="renhe", **fields) -> Person:
    values = {
        "skills": frozenset({"nurse"}),
        "available": (Interval(0, 14 * DAY),),
        "approved_at": frozenset(PLACES),
    }
    return Person(name, institution, **(values | fields))


def shift(name="night", institution="tongji", *, at=8 * HOUR, hours=8, **fields) -> StaffNeed:
    values = {"skills": frozenset({"nurse"}), "starts_at": at, "ends_at": at + hours * HOUR}
    return StaffNeed(name, institution, **(values | fields))


def drawn(seed: int, *, needs=8, people=4, days=4, places=3) -> Problem:
    """A crowded city: few people, caps that bind, histories that differ."""
    random = np.random.default_rng(seed)
    names = PLACES[:places]
    institutions = tuple(
        Institution(
            name,
            31.2 + 0.02 * float(random.random()),
            121.4 + 0.02 * float(random.random()),
            history_met={Kind.STAFF: round(float(random.uniform(0, 20)), 1)},
            history_asked={Kind.STAFF: round(float(random.uniform(20, 40)), 1)},
        )
        for name in names
    )
    return city(
        institutions=institutions,
        people=[_drawn_person(f"p{place}", names, days, random) for place in range(people)],
        needs=[_drawn_shift(f"n{place}", names, days, random) for place in range(needs)],
    )


def _drawn_person(name, names, days, random) -> Person:
    own = int(random.integers(days)) * DAY + 7 * HOUR
    gap = int(random.integers(days)) * DAY
    return person(
        name,
        str(random.choice(names)),
        skills=frozenset(random.choice(SKILLS, int(random.integers(1, 3)), replace=False).tolist()),
        approved_at=frozenset(name for name in names if random.random() < 0.9),
        own_shifts=(Interval(own, own + 8 * HOUR),) if random.random() < 0.6 else (),
        available=(Interval(0, gap), Interval(gap + 6 * HOUR, days * DAY + 12 * HOUR)),
        weekly_cap_minutes=int(random.choice([16, 24, 40])) * HOUR,
        longest_travel_minutes=int(random.choice([12, 60, 60, 60])),
    )


def _drawn_shift(name, names, days, random) -> StaffNeed:
    return shift(
        name,
        str(random.choice(names)),
        at=int(random.integers(days)) * DAY + int(random.choice([7, 15, 23])) * HOUR,
        hours=int(random.choice([4, 8, 12])),
        skills=frozenset({str(random.choice(SKILLS))}),
        urgency=Urgency(int(random.integers(1, 4))),
        posted_at=-int(random.integers(500)),
        longest_travel_minutes=None if random.random() < 0.9 else 12,
    )
