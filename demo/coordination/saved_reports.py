"""Reports that the city's people keep: their own, shared ones, one that is mailed every month."""

from demo.steps.people import OFFICIAL
from demo.world import World
from medshare_portal.models import User
from medshare_portal.roles import Role
from reports.actions import saved_reports

PLACES = 2  # renhe and dongbei


def make_saved_reports(world: World) -> None:
    for place in world.places[:PLACES]:
        for person in place.people[Role.COORDINATOR][:1]:
            _keep(
                world, person, place.institution, "季度 Quarter", "reports:scorecard", "period=90"
            )
    official = User.objects.get(username=OFFICIAL)
    _keep(world, official, None, "设备 Equipment", "city:figures", "period=30&kind=equipment")


def _keep(world: World, by: User, institution, name: str, page: str, query: str) -> None:
    saved_reports.keep(
        institution=institution,
        address={"page": page, "about": None, "query": query},
        name=name,
        shared=True,
        mailed=True,
        by=by,
        now=world.moment,
    )
