"""Filters of the inbox that people keep: who decides opens with what is due today."""

from django.utils.translation import gettext, override

from demo.world import World
from medshare_portal.roles import Role
from scheduling.models import SavedFilter

PLACES = 2  # renhe and dongbei
# Role → (name, query, whether the inbox opens with it)
KEPT = {
    Role.APPROVER: [("Late", "due=0", False), ("With a warning", "verdict=warn", False)],
    Role.COORDINATOR: [("Answer to our request", "step=answer_counter", False)],
    Role.PHARMACIST: [("Medicines", "kind=medicine", True)],
}


def make_inbox(world: World) -> None:
    """In the reader's own language, as if that person had typed the names."""
    for place in world.places[:PLACES]:
        for role, kept in KEPT.items():
            for person in place.people[role][:1]:
                for name, query, opens in kept:
                    with override(person.language):
                        words = gettext(name)
                    SavedFilter.unscoped.create(
                        institution=place.institution,
                        user=person,
                        name=words,
                        query=query,
                        is_default=opens,
                        created_at=world.moment,
                    )
