"""Write the facts of demand from what has ended: requests, needs, places in a line.

Each source is written in the order of its ends, from a little before the last end that is recorded;
what has a fact already is left alone, so the job may run twice at once and stop anywhere.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from medshare_portal.db.new_rows import insert_rows
from reports.actions import unmet_days
from reports.demand import Outcome, Source
from reports.models import DemandFact
from reports.outcomes import outcome_of
from reports.unmet import NOT_LISTED, TAKEN
from scheduling.models import (
    Need,
    NeedState,
    Proposal,
    SharingRequest,
    UnmetNeed,
    WaitlistEntry,
)
from scheduling.queries.need_matching import booked_for
from scheduling.round_states import ProposalState, RoundState
from scheduling.states import State
from scheduling.waiting import WaitState

REASON = "facts of demand are the city's; written by the system"
AT_ONCE = 1000
DEFAULTS = {
    field.name: field.get_default()
    for field in DemandFact._meta.concrete_fields
    if not field.primary_key
}
LONGEST_REASON = DemandFact._meta.get_field("reason_code").max_length
AGAIN = timedelta(days=1)  # before the last recorded end: an end that was committed late

OF_ENTRY = {
    WaitState.TAKEN: Outcome.FILLED,
    WaitState.MISSED: Outcome.MISSED,
    WaitState.LEFT: Outcome.WITHDRAWN,
    WaitState.EXPIRED: Outcome.UNMET,
}


def record(*, now: datetime) -> int:
    """Write what has ended and has no fact yet; returns how many facts were written."""
    sources: tuple[tuple[Source, QuerySet, Callable], ...] = (
        (Source.REQUEST, _requests(), _of_request),
        (Source.NEED, _needs(), _of_need),
        (Source.WAITLIST, _entries(), _of_entry),
    )
    return sum(_record(*source, now) for source in sources)


def _record(source: Source, rows: QuerySet, fact_of: Callable, now: datetime) -> int:
    """In steps of their own, so that ten years at once are no one transaction."""
    done = 0
    while True:
        with transaction.atomic():
            found = list(_unrecorded(source, rows))
            _write((fact_of(row) for row in found), source, now)
            unmet_days.tell((row.ended_at for row in found), now=now)
        done += len(found)
        if len(found) < AT_ONCE:
            return done


def _unrecorded(source: Source, rows: QuerySet) -> QuerySet:
    facts = DemandFact.objects.everywhere(reason=REASON).filter(source=source)
    last = facts.aggregate(last=Max("ended_at"))["last"]
    if last is not None:
        rows = rows.filter(ended_at__gte=last - AGAIN)
    known = facts.filter(source_key=OuterRef("pk"))
    return rows.filter(~Exists(known)).order_by("ended_at", "pk")[:AT_ONCE]


def _write(facts: Iterable[dict], source: Source, now: datetime) -> None:
    rows = [DEFAULTS | fact | {"source": source, "recorded_at": now} for fact in facts]
    try:
        with transaction.atomic():
            insert_rows(DemandFact, tuple(DEFAULTS), (row.values() for row in rows))
    except IntegrityError:  # somebody else has written some of them meanwhile
        facts = DemandFact.objects.everywhere(reason=REASON).filter(source=source)
        keys = [row["source_key"] for row in rows]
        known = set(facts.filter(source_key__in=keys).values_list("source_key", flat=True))
        fresh = (row.values() for row in rows if row["source_key"] not in known)
        insert_rows(DemandFact, tuple(DEFAULTS), fresh)


def _requests() -> QuerySet:
    """A hold that was never sent was no demand yet."""
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        state__in=State.ENDED, submitted_at__isnull=False
    )
    # Fetched apart: what many requests have in common is one object.
    return rows.prefetch_related(
        "borrower", "owner", "resource__category", "waitlist_entry", "time_changes"
    )


def _of_request(row: SharingRequest) -> dict:
    entry = getattr(row, "waitlist_entry", None)
    return {
        **_key(row, row.borrower, row.resource.category),
        "owner_key": row.owner_id,
        "owner_en": row.owner.name_en,
        "owner_zh": row.owner.name_zh,
        "quantity": row.asked_quantity or row.asked_units,
        "starts_at": row.asked_starts_at,
        "ends_at": row.asked_ends_at,
        "urgency": row.priority,
        "outcome": outcome_of(row),
        "reason_code": row.decision_code,
        "first_asked_at": min(entry.joined_at, row.submitted_at) if entry else row.submitted_at,
    }


def _needs() -> QuerySet:
    rows = Need.objects.everywhere(reason=REASON).exclude(state=NeedState.OPEN)
    asked = SharingRequest.objects.everywhere(reason=REASON).filter(need=OuterRef("pk"))
    agreed = Proposal.objects.everywhere(reason=REASON).filter(
        need=OuterRef("pk"), state=ProposalState.AGREED
    )
    return rows.select_related("institution", "category").annotate(
        helping=Count("answers", filter=Q(answers__taken_back_at__isnull=True)),
        was_asked=Exists(asked) | Exists(agreed),
    )


def _of_need(row: Need) -> dict:
    outcomes = {NeedState.MET: Outcome.FILLED, NeedState.WITHDRAWN: Outcome.WITHDRAWN}
    outcome = outcomes.get(NeedState(row.state))
    outcome, why = (outcome, "") if outcome else _unmet_need(row)
    return {
        **_key(row, row.institution, row.category),
        "quantity": _not_given(row),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "needed_by": row.needed_by,
        "urgency": row.priority,
        "outcome": outcome,
        "reason_code": why,
        "as_request": row.state == NeedState.MET,
        "first_asked_at": row.created_at,
    }


def _not_given(row: Need) -> int:
    """All of a need that was met; of another what no request gave it, for that has its own fact."""
    if row.state == NeedState.MET or not (row.helping or row.was_asked):
        return row.quantity
    return max(1, row.quantity - int(booked_for(row)))


def _unmet_need(row: Need) -> tuple[Outcome, str]:
    """Nobody met it: because nobody had anything, or what there was came to nothing; why, as the
    last round that looked at it found."""
    rows = UnmetNeed.objects.everywhere(reason=REASON).filter(
        need=row, run__state__in=RoundState.DONE
    )
    last = rows.order_by("-run_id", "need_ref").first()
    why = last.stopped_by[:LONGEST_REASON] if last else ""
    listed = row.helping or why not in ("", *NOT_LISTED)
    return (Outcome.UNMET if listed else Outcome.NOTHING_LISTED), why


def _entries() -> QuerySet:
    rows = WaitlistEntry.objects.everywhere(reason=REASON).filter(state__in=WaitState.ENDED)
    return rows.select_related("borrower", "category", "resource__category")


def _of_entry(row: WaitlistEntry) -> dict:
    return {
        **_key(row, row.borrower, row.category or row.resource.category),
        "quantity": row.units,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "needed_by": row.latest_start,
        "urgency": row.priority,
        "outcome": OF_ENTRY[WaitState(row.state)],
        "reason_code": TAKEN if row.state == WaitState.EXPIRED else "",
        "as_request": row.state == WaitState.TAKEN,
        "first_asked_at": row.joined_at,
    }


def _key(row, institution, category) -> dict:
    """Whose it is, and of what: names as they are today."""
    return {
        "source_key": row.pk,
        "reference": row.reference,
        "institution_key": institution.pk,
        "institution_en": institution.name_en,
        "institution_zh": institution.name_zh,
        "kind": row.kind,
        "category_code": category.slug if category else "",
        "category_path": category.path if category else "",
        "category_en": category.name_en if category else getattr(row, "what", ""),
        "category_zh": category.name_zh if category else "",
        "ended_at": row.ended_at,
    }
