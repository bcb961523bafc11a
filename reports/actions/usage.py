"""Write the fact of use of a request that has ended, in the move that ended it.

``record_missing`` writes the facts of what ended some other way: before there were facts, or
brought in from elsewhere.  What has a fact is left alone, so it may run twice and stop anywhere.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from medshare_portal.db.new_rows import insert_rows
from medshare_portal.db.prepared_writes import PreparedInsert
from reports.actions import marks
from reports.actions.waits import CITY
from reports.facts import Correction, Measured
from reports.models import UsageFact
from reports.queries.usage_fact import (
    Around,
    around_all,
    around_one,
    fact_of,
    related,
    values_of,
)
from scheduling.after_moves import register
from scheduling.costs import Unit
from scheduling.models import SharingRequest, TransitionLog
from scheduling.states import State

REASON = "facts of use are the city's; written by the system"
AT_ONCE = 1000
DAY = timedelta(days=1)
NEW_FACT = PreparedInsert(UsageFact)
DEFAULTS = {
    field.name: field.get_default()
    for field in UsageFact._meta.concrete_fields
    if not field.primary_key
}
FIELDS = tuple(DEFAULTS)


@register
def follow(*, sharing_request: SharingRequest, transition: str, by, now: datetime) -> None:
    """Runs in the move's transaction: one row more for what ends, none for what goes on."""
    if sharing_request.state not in State.ENDED or sharing_request.submitted_at is None:
        return
    row = _ended().prefetch_related("time_changes").get(pk=sharing_request.pk)
    last = TransitionLog.objects.of(row).order_by("-pk").values_list("side", flat=True).first()
    NEW_FACT.one(fact_of(row, side=last, around=around_one(row), now=now))


def record_missing(*, now: datetime, tell: Callable[[int], None] = lambda done: None) -> int:
    """Write the facts that are missing, in steps of their own; returns how many."""
    done, around, last = 0, None, 0
    while True:
        with transaction.atomic():
            found = list(_without_fact(last))
            if found:
                around = around or around_all()
                _write(found, around, now)
                _mark(found, now)
        done += len(found)
        tell(done)
        if len(found) < AT_ONCE:
            return done
        last = found[-1].pk


def _without_fact(last: int) -> QuerySet:
    known = UsageFact.objects.everywhere(reason=REASON).filter(request_key=OuterRef("pk"))
    # Fetched apart: what many requests have in common is one object.
    rows = _all_ended().prefetch_related("time_changes", *related())
    return rows.filter(~Exists(known), pk__gt=last).order_by("pk")[:AT_ONCE]


def _write(found: list[SharingRequest], around: Around, now: datetime) -> None:
    sides = _sides(found)
    rows = [
        DEFAULTS | values_of(row, side=sides.get(row.pk), around=around, now=now) for row in found
    ]
    try:
        with transaction.atomic():
            insert_rows(UsageFact, FIELDS, (row.values() for row in rows))
    except IntegrityError:  # somebody else has written some of them meanwhile
        known = _known([row.pk for row in found])
        rows = [row for row in rows if row["request_key"] not in known]
        insert_rows(UsageFact, FIELDS, (row.values() for row in rows))


def _known(keys: list[int]) -> set[int]:
    rows = UsageFact.objects.everywhere(reason=REASON).filter(request_key__in=keys)
    return set(rows.values_list("request_key", flat=True))


def _mark(found: list[SharingRequest], now: datetime) -> None:
    """Days that were counted without these facts: one mark for each institution."""
    spans: dict[int, list[date]] = defaultdict(list)
    rows = UsageFact.objects.everywhere(reason=REASON).filter(
        request_key__in=[row.pk for row in found]
    )
    values = rows.values_list("owner_key", "borrower_key", "first_day", "last_day")
    for owner, borrower, first, last in values:
        for institution in (owner, borrower, CITY):
            spans[institution] += [first, last]
    today = now.date() - DAY
    for institution, days in sorted(spans.items()):
        marks.leave(
            institution, first=min(days), last=min(max(days), today), cause="recorded", now=now
        )


def _sides(found: list[SharingRequest]) -> dict[int, str]:
    """Who ended each, where its steps are logged."""
    rows = TransitionLog.objects.of_scoped([row.pk for row in found]).filter(
        to_state__in=State.ENDED
    )
    return dict(rows.order_by("pk").values_list("sharing_request", "side"))


def correct(
    *, request_key: int, measured: Measured, correction: Correction, now: datetime
) -> UsageFact | None:
    """A new version of a fact, measured otherwise; the days of both are counted anew.

    In the caller's transaction.  None where the request has no fact yet.
    """
    rows = UsageFact.objects.everywhere(reason=REASON).filter(request_key=request_key)
    old = rows.order_by("-version").select_for_update().first()
    if old is None:
        return None
    names = (field.name for field in UsageFact._meta.concrete_fields if not field.primary_key)
    values = {name: getattr(old, name) for name in names} | _as_measured(old, measured)
    new = UsageFact(
        **values | {"version": old.version + 1, "correction": correction, "recorded_at": now}
    )
    NEW_FACT.one(new)
    marks.of_fact(new, cause=correction, now=now)
    return new


def _as_measured(old: UsageFact, measured: Measured) -> dict:
    """Hours more or less move the end of the use, within the time until the share was closed."""
    changes = {
        "charge_quantity": measured.quantity,
        "charge_price": measured.price,
        "charge_amount": measured.amount,
    }
    if measured.unit == Unit.PACK:
        changes["accepted"] = measured.quantity
    if measured.unit == Unit.HOUR:
        hours = float(measured.quantity - measured.before) / old.units
        end = old.used_until + timedelta(hours=hours)
        changes["used_until"] = min(max(end, old.used_from), max(old.ended_at, old.used_until))
    return changes


def first_day() -> date | None:
    """The first day on which anything that has ended may count."""
    rows = UsageFact.objects.everywhere(reason=REASON)
    return rows.aggregate(first=Min("first_day"))["first"]


def _ended() -> QuerySet:
    return _all_ended().select_related(*related())


def _all_ended() -> QuerySet:
    rows = SharingRequest.objects.everywhere(reason=REASON)
    return rows.filter(state__in=State.ENDED, submitted_at__isnull=False)
