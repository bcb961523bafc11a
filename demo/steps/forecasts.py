"""What the night before worked out for the first institutions; the job does the others."""

from demo.world import World
from reports.actions.forecasts import compute

FORESEEN = 12


def make_forecasts(world: World) -> None:
    for place in world.places[:FORESEEN]:
        compute(institution=place.institution, now=world.moment)
