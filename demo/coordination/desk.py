"""Approvers who are on leave today, with the head of their institution as deputy.

Made by the portal's own action: told and written down as a real one.
"""

from datetime import timedelta

from django.db import transaction

from demo.world import World
from medshare_portal.actions.absences import enter, today_at
from medshare_portal.roles import Role

PLACES = ("renhe", "dongbei")
NOTE = "钥匙在三楼设备科。The keys are at the equipment desk, third floor."


def make_desk(world: World) -> None:
    for place in world.places:
        if place.spec.slug in PLACES:
            absent, deputy = place.people[Role.APPROVER][0], place.people[Role.HEAD][0]
            today = today_at(place.institution, world.moment)
            with transaction.atomic():
                enter(
                    institution=place.institution,
                    user=absent,
                    deputy=deputy,
                    from_day=today,
                    until_day=today + timedelta(days=4),
                    note=NOTE,
                    by=absent,
                    now=world.moment,
                )
