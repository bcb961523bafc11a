"""Limits from which on the city's institutions are warned, and what is beyond them today."""

from demo.steps.people import OFFICIAL
from demo.world import World
from medshare_portal.models import User
from medshare_portal.roles import Role
from reports.actions import alerting

CITY = {"utilisation": 5, "overdue": 2, "lots": 12}
OWN = {"utilisation": 10, "overdue": 3, "lots": 20}  # of the first institution
LOOKED_AT = 12


def make_alerts(world: World) -> None:
    official = User.objects.get(username=OFFICIAL)
    alerting.set_limits(institution=None, values=CITY, by=official, now=world.moment)
    first = world.places[0]
    for person in first.people[Role.COORDINATOR][:1]:
        alerting.set_limits(institution=first.institution, values=OWN, by=person, now=world.moment)
    for place in world.places[1:LOOKED_AT]:
        alerting.check(place.institution, now=world.moment)
