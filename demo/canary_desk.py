"""What a marked institution keeps for its own desk: who will be away and why, a report."""

from datetime import datetime, timedelta

from medshare_portal.models import Absence
from medshare_portal.roles import Role
from reports.models import SavedReport

AHEAD = timedelta(days=60)  # not yet: nobody has a right by it that its role does not give


def plant_desk(nest, now: datetime) -> None:
    absent, deputy = nest.people[Role.APPROVER], nest.people[Role.BIOMEDICAL_ENGINEER]
    first, last = now + AHEAD, now + AHEAD + timedelta(days=3)
    nest.marked(
        Absence,
        institution=nest.institution,
        user=absent,
        deputy=deputy,
        from_day=first.date(),
        until_day=last.date(),
        starts_at=first,
        ends_at=last,
        entered_by=absent,
        entered_at=now,
    ).save()
    keeper, place = nest.people[Role.COORDINATOR], {"institution": nest.institution}
    kept = {"page": "reports:scorecard", "query": "", "shared": True, "created_at": now}
    nest.marked(SavedReport, user=keeper, **place, **kept).save()
