"""What people work at home, and the hours in which their institutions lend them."""

import random
from datetime import timedelta

from demo.bulk import BulkTable
from demo.moments import DAY, HOUR, QUARTER, local_midnight, to_datetime, weekday
from demo.staff import ROSTERS, Roster
from demo.steps.offers import expanded_until, save_intervals, save_windows
from demo.world import World
from medshare_portal.roles import Role
from resources.enums import OfferStatus
from resources.enums_staff import Employer
from resources.models import CommittedShift, Offer

PAST_DAYS, COMING_DAYS = 70, 35
HOLE_DAY = 5  # from now: every other person of the first institution is not on the roster
QUIET_UNTIL = 12  # the day from now before which people of the stories work at hosts only
COLUMNS = (
    "institution", "resource", "employer", "starts_at", "ends_at", "break_minutes", "note",
    "source_uid", "created_by", "created_at",
)  # fmt: skip
PATTERNS = (("always", 6), ("off_peak", 2), ("weekends", 1), ("evenings", 1))
RATES, SHIFT_HOURS = (80, 120, 160), 10
BATCH = 1000


def make_offers(world: World, people: list, rng: random.Random) -> None:
    names, weights = zip(*PATTERNS, strict=True)
    for turn, person in enumerate(people):
        rate = rng.choice(RATES)
        by_shift = person.told and turn % 3 == 0
        person.pattern = "always" if person.told else rng.choices(names, weights)[0]
        person.offer = Offer(
            institution=person.resource.institution,
            resource=person.resource,
            status=OfferStatus.PUBLISHED,
            starts_on=world.today - timedelta(days=world.scale.days),
            notice_hours=2,
            max_loan_hours=24,
            transport_minutes=0,
            cleaning_minutes=0,
            fee_per_hour=0 if by_shift else rate,
            fee_per_shift=rate * SHIFT_HOURS if by_shift else None,
            confirmed_at=person.resource.confirmed_at,
            confirmed_by=person.place.people[Role.STAFFING_MANAGER][0],
            published_at=world.moment - timedelta(days=60),
            expanded_until=expanded_until(world),
        )
    Offer.unscoped.bulk_create([person.offer for person in people], batch_size=BATCH)
    save_windows(people)
    save_intervals(world, people, {})


def make_shifts(world: World, people: list, rng: random.Random) -> None:
    """Ten weeks back and five ahead; one in ten works for another employer as well."""
    table = BulkTable(CommittedShift, COLUMNS)
    today = local_midnight(world.now)
    for turn, person in enumerate(people):
        roster, also = rng.choice(ROSTERS), None if person.told else _elsewhere(rng)
        for day in range(-PAST_DAYS, COMING_DAYS):
            if person.told and day < QUIET_UNTIL:
                continue
            if person.place is world.places[0] and day == HOLE_DAY and turn % 2:
                continue
            midnight = today + day * DAY
            entries = [(roster, Employer.HOME), (also, Employer.OTHER)]
            table.write(
                _row(world, person, each, midnight, employer)
                for each, employer in entries
                if each and weekday(midnight) in each.days
            )
    table.finish()


def _elsewhere(rng: random.Random) -> Roster | None:
    return Roster((6,), 9, 240, 0) if rng.random() < 0.1 else None


def _row(world: World, person, roster: Roster, midnight: int, employer: Employer) -> tuple:
    starts = midnight + roster.hour * HOUR + (QUARTER if employer == Employer.OTHER else 0)
    return (
        person.resource.institution_id, person.resource.pk, employer.value, to_datetime(starts),
        to_datetime(starts + roster.minutes), roster.pause, "", "",
        person.place.people[Role.STAFFING_MANAGER][0].pk,
        world.moment - timedelta(days=PAST_DAYS + 1),
    )  # fmt: skip
