"""Filters of the inbox that people keep: who decides opens with what is due today."""

from demo.world import World
from medshare_portal.roles import Role
from scheduling.models import SavedFilter

PLACES = 2  # renhe and dongbei
# Role → (name, query, whether the inbox opens with it)
KEPT = {
    Role.APPROVER: [("已逾期 Late", "due=0", False), ("有提醒 Warnings", "verdict=warn", False)],
    Role.COORDINATOR: [("对方的答复 Their answers", "step=answer_counter", False)],
    Role.PHARMACIST: [("药品 Medicines", "kind=medicine", True)],
}


def make_inbox(world: World) -> None:
    """In both languages, as the people of the demo write."""
    for place in world.places[:PLACES]:
        for role, kept in KEPT.items():
            for person in place.people[role][:1]:
                for name, query, opens in kept:
                    SavedFilter.unscoped.create(
                        institution=place.institution,
                        user=person,
                        name=name,
                        query=query,
                        is_default=opens,
                        created_at=world.moment,
                    )
