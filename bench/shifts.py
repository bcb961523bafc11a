"""Five thousand nurses with half a million shifts, all of them lent to one host."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from demo.bulk import BulkTable
from medshare_portal.models import Code
from resources.models import (
    CommittedShift,
    Credential,
    Indemnity,
    Offer,
    OfferedInterval,
    PracticeBasis,
    Resource,
    StaffMember,
)

PEOPLE, BATCH = 5_000, 1000
WEEKS = ((2, 3, 5, 6), (1, 3, 4, 6), (2, 4, 5, 6))  # days from tomorrow on
PROFESSION, SPECIALTY = "2221", "28"
DAY, LENGTH = timedelta(days=1), timedelta(hours=8, minutes=30)
SHIFT_COLUMNS = (
    "institution", "resource", "employer", "starts_at", "ends_at", "break_minutes", "note",
    "source_uid", "created_by", "created_at",
)  # fmt: skip


def make_shifts(host, by, now: datetime) -> None:
    """Once: the rows stay for the next run."""
    if Resource.unscoped.filter(code__startswith="BENCH-S-").count() >= PEOPLE:
        return
    people = StaffMember.unscoped.exclude(resource__institution=host).filter(
        resource__category__slug=PROFESSION, user=None
    )
    patterns = list(people.select_related("resource").order_by("pk")[:50])
    with transaction.atomic():
        members = _people(patterns, now)
        _papers(members, host, now.date())
        _offers(members, now)
        _shifts(members, by, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(row, **changes):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | changes)


def _people(patterns: list[StaffMember], now: datetime) -> list[StaffMember]:
    drawn = [patterns[number % len(patterns)] for number in range(PEOPLE)]
    resources = [
        _copy(
            member.resource,
            id=None,
            code=f"BENCH-S-{number:05d}",
            search_text="",
            public_id=f"bench-s-{number:05d}",
            confirmed_at=now,
        )
        for number, member in enumerate(drawn)
    ]
    Resource.unscoped.bulk_create(resources, batch_size=BATCH)
    members = [
        _copy(
            member,
            resource_id=resource.pk,
            licence_digest=f"bench {number}",
            licence_status="active",
            licence_valid_until=now.date() + 900 * DAY,
        )
        for number, (member, resource) in enumerate(zip(drawn, resources, strict=True))
    ]
    for member, resource in zip(members, resources, strict=True):
        member.resource = resource
    StaffMember.unscoped.bulk_create(members, batch_size=BATCH)
    through = StaffMember.specialties.through
    code = Code.objects.get(system__slug="cn-clinical-specialty", code=SPECIALTY)
    links = [through(staffmember_id=member.pk, code_id=code.pk) for member in members]
    through.objects.bulk_create(links, batch_size=BATCH)
    return members


def _papers(members: list[StaffMember], host, today) -> None:
    """One in ten lacks the basis to practise at the host."""
    known = {"source": "register", "verified_by": "Bench", "verified_on": today}
    span = {"valid_from": today - 99 * DAY, "valid_until": today + 200 * DAY}
    of = [{"resource_id": m.pk, "institution_id": m.resource.institution_id} for m in members]
    Credential.unscoped.bulk_create(
        [
            Credential(kind="health_clearance", valid_until=today + 200 * DAY, **known, **keys)
            for keys in of
        ],
        batch_size=BATCH,
    )
    PracticeBasis.unscoped.bulk_create(
        [
            PracticeBasis(host=host, basis="multi_site_filed", evidence="Bench", **span, **keys)
            for number, keys in enumerate(of)
            if number % 10
        ],
        batch_size=BATCH,
    )
    Indemnity.unscoped.bulk_create(
        [Indemnity(insurer="Bench", reference="B-1", **span, **keys) for keys in of],
        batch_size=BATCH,
    )


def _offers(members: list[StaffMember], now: datetime) -> None:
    offers = [
        Offer(
            resource=member.resource,
            institution_id=member.resource.institution_id,
            status="published",
            starts_on=now.date() - DAY,
            notice_hours=0,
            transport_minutes=0,
            cleaning_minutes=0,
            max_loan_hours=24,
            confirmed_at=now,
            published_at=now,
            expanded_until=now + 60 * DAY,
        )
        for member in members
    ]
    Offer.unscoped.bulk_create(offers, batch_size=BATCH)
    intervals = [
        OfferedInterval(
            offer=offer,
            resource_id=offer.resource_id,
            institution_id=offer.institution_id,
            starts_at=now - DAY,
            ends_at=now + 60 * DAY,
        )
        for offer in offers
    ]
    OfferedInterval.unscoped.bulk_create(intervals, batch_size=BATCH)


def _shifts(members: list[StaffMember], by, now: datetime) -> None:
    """Four by day in seven days, twenty-five weeks around tomorrow.

    Two of three keep free what tomorrow's night needs, the third meets its end.
    """
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY  # 08:00 there
    table = BulkTable(CommittedShift, SHIFT_COLUMNS)
    for number, member in enumerate(members):
        days = [week * 7 + day for week in range(-15, 10) for day in WEEKS[number % len(WEEKS)]]
        starts = [tomorrow + day * DAY for day in days]
        known = (member.resource.institution_id, member.pk, "home")
        entered = (30, "", "", by.pk, now)
        table.write((*known, start, start + LENGTH, *entered) for start in starts)
    table.finish()
