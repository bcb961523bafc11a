"""What the two marked institutions wait for, need, answered, and did not get."""

from datetime import datetime, timedelta

from medshare_portal.roles import Role
from reports.models import DemandFact
from scheduling.models import Need, NeedAnswer, WaitlistEntry

DAY = timedelta(days=1)


def plant_waits(nest, other, now: datetime) -> None:
    """``nest`` waits for a device of the other, posted a need that the other answered."""
    by, device = nest.people[Role.COORDINATOR], other.devices[0]
    days = {"starts_at": now + 20 * DAY, "ends_at": now + 22 * DAY}
    nest.marked(
        WaitlistEntry,
        borrower=nest.institution,
        kind=device.kind,
        resource=device,
        site=nest.site,
        minutes=600,
        latest_start=now + 21 * DAY,
        priority="routine",
        state="waiting",
        joined_at=now,
        next_look_at=now + DAY,
        created_by=by,
        **days,
    ).save()
    need = nest.marked(
        Need,
        institution=nest.institution,
        kind=device.kind,
        site=nest.site,
        priority="urgent",
        created_at=now,
        created_by=by,
        expires_at=days["ends_at"],
        told_at=now,
        **days,
    )
    need.save()
    other.marked(
        NeedAnswer,
        need=need,
        institution=other.institution,
        resource=device,
        answered_at=now,
        answered_by=other.people[Role.COORDINATOR],
    ).save()
    _fact(nest, need, now)


def _fact(nest, need: Need, now: datetime) -> None:
    nest.marked(
        DemandFact,
        source="need",
        source_key=need.pk,
        institution_key=nest.institution.pk,
        kind=need.kind,
        quantity=1,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        urgency=need.priority,
        outcome="unmet",
        first_asked_at=now - DAY,
        ended_at=now,
        recorded_at=now,
    ).save()
