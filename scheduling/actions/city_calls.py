"""Officials are called when an owner's time to answer an emergency is over and a crisis lets the
city approve it."""

from datetime import datetime

from medshare_portal import crises
from scheduling import city_notices
from scheduling.queries.for_the_city import emergencies_for_city


def call(*, now: datetime) -> int:
    """Tell each official once of each; returns how many emergencies wait for the city now."""
    crisis = crises.current(now)
    waiting = emergencies_for_city(crisis, now=now)
    for row in waiting:
        city_notices.tell_of_emergency(row, crisis, now=now)
    return len(waiting)
