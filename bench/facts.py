"""Facts of use by the million, for the files: copies of one, each of a request of its own."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from reports.models import UsageFact

AT_ONCE = 5000
START = datetime(2024, 1, 1, tzinfo=UTC)


def fill(wanted: int) -> int:
    """Have exactly so many at least; returns how many there are."""
    have = UsageFact.unscoped.count()
    for first in range(have, wanted, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, wanted))
        UsageFact.unscoped.bulk_create([_fact(number) for number in numbers])
    if have < wanted:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return max(have, wanted)


def _fact(number: int) -> UsageFact:
    at = START + timedelta(minutes=number)
    house, other = number % 400 + 1, (number * 7 + 1) % 400 + 401
    return UsageFact(
        request_key=number + 1, reference=f"R-{number:07d}", kind="equipment", state="closed",
        outcome="filled", ended_side="owner", owner_key=house, owner_en=f"Hospital {house}",
        owner_zh=f"第{house}医院", owner_level="32", borrower_key=other,
        borrower_en=f"Hospital {other}", borrower_zh=f"第{other}医院", borrower_level="21",
        resource_key=number % 90_000, resource_en="Transport ventilator", resource_zh="转运呼吸机",
        category_code="ventilator", category_path="08.03/ventilator", category_en="Ventilators",
        category_zh="呼吸机", priority="routine", mode="loan", starts_at=at,
        ends_at=at + timedelta(hours=8), used_from=at, used_until=at + timedelta(hours=7),
        submitted_at=at - timedelta(days=1), answer_due_at=at, decided_at=at - timedelta(hours=20),
        ended_at=at + timedelta(hours=9), answer_seconds=14_400, distance_km=3.5,
        charge_unit="hour", charge_quantity=7, charge_price=100, charge_amount=70_000,
        currency="CNY", time_zone="Asia/Shanghai", first_day=at.date(), last_day=at.date(),
        recorded_at=at + timedelta(hours=9),
    )  # fmt: skip
