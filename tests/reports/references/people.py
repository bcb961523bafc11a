"""Shifts, papers, grants and looks, one by one."""

from datetime import timedelta

from django.db.models import F

from resources.models import Credential, RecognitionRecord, Resource
from scheduling.models import AccessEvent, AccessGrant, Need, WaitlistEntry
from tests.reports.references.requests import answered, booked
from tests.reports.references.requests import due as due_of
from tests.reports.references.seen import CITY, HOUR, Seen, outcome, share

GRANTED = ("approved", "underway", "finished", "closed", "cancelled")
EXAMINATION = 200  # assumed price


def staff_hours(seen: Seen):
    closed = [r for r in seen.ended(seen.given("staff")) if r.state == "closed"]
    spans = [row.actual_ends_at - row.actual_starts_at for row in closed]
    return {"": sum(spans, timedelta()) / HOUR}


def notice(seen: Seen):
    agreed = booked(seen, seen.given("staff"))
    hours = [max((row.starts_at - row.decided_at) / HOUR, 0) for row in agreed]
    return {"": share(sum(hours), len(agreed))}


def overrides(seen: Seen):
    agreed = booked(seen, seen.given("staff"))
    passed = [r for r in agreed if any(one.get("exception") for one in r.accepted_findings)]
    return {"": share(len(passed), len(agreed))}


def shift_fill(seen: Seen):
    """Asked, posted or waited for; what was posted and found somebody is a request."""
    asked = due_of(seen, "staff")
    needs = Need.unscoped.filter(kind="staff", state__in=["expired"])
    waited = WaitlistEntry.unscoped.filter(kind="staff", state__in=["missed", "expired"])
    posted = [row for row in needs if seen.mine(row.institution_id)]
    posted += [row for row in waited if seen.mine(row.borrower_id)]
    in_vain = [row for row in posted if seen.on(row.ended_at.astimezone(CITY).date())]
    filled = [row for row in asked if outcome(row) == "filled"]
    return {"": share(len(filled), len(asked) + len(in_vain))}


def credentials(seen: Seen):
    people = [row.pk for row in seen.resources if row.kind == "staff"]
    papers = list(Credential.unscoped.filter(resource__in=people))
    good = [p for p in papers if p.valid_until is None or p.valid_until >= seen.today]
    return {"": share(len(good), len(papers))}


def _decided(seen: Seen, *states: str) -> int:
    """By somebody: an emergency asks nobody, and what was sent back is not decided."""
    rows = [row for row in answered(seen, "information") if row.state in states]
    glass = AccessGrant.unscoped.filter(break_glass=True).values_list("pk", flat=True)
    return len({row.pk for row in rows} - set(glass))


def approved(seen: Seen):
    yes, no = _decided(seen, *GRANTED), _decided(seen, "declined")
    return {"": share(yes, yes + no)}


def denied(seen: Seen):
    yes, no = _decided(seen, *GRANTED), _decided(seen, "declined")
    return {"": share(no, yes + no)}


def _grants(seen: Seen) -> list[AccessGrant]:
    """That were open and are over."""
    rows = AccessGrant.unscoped.exclude(end_reason="").annotate(
        over=F("sharing_request__actual_ends_at")
    )
    found = rows.select_related("sharing_request__resource__site")
    mine = [row for row in found if seen.mine(row.sharing_request.owner_id)]
    return [row for row in mine if seen.inside(row.over, row.sharing_request)]


def expired(seen: Seen):
    over = _grants(seen)
    return {"": share(sum(grant.end_reason == "expired" for grant in over), len(over))}


def looks(seen: Seen):
    over = _grants(seen)
    return {"": share(sum(grant.looks_used for grant in over), len(over))}


def _looks(seen: Seen) -> list[AccessEvent]:
    rows = AccessEvent.unscoped.filter(action="look")
    mine = [row for row in rows if seen.mine(row.institution_id)]
    places = Resource.unscoped.select_related("site").in_bulk({row.resource_id for row in mine})
    return [row for row in mine if seen.inside(row.at, places[row.resource_id])]


def refused(seen: Seen):
    rows = _looks(seen)
    return {"": share(sum(row.decision == "deny" for row in rows), len(rows))}


def emergencies(seen: Seen):
    through = [row for row in _looks(seen) if row.decision == "permit"]
    return {"": share(sum(row.break_glass for row in through), len(through))}


def reviewed(seen: Seen):
    rows = AccessGrant.unscoped.filter(break_glass=True)
    rows = rows.select_related("sharing_request__resource__site")
    due = [
        row
        for row in rows
        if seen.mine(row.sharing_request.owner_id)
        and seen.inside(row.review_due_at, row.sharing_request)
    ]
    kept = [row for row in due if row.reviewed_at and row.reviewed_at <= row.review_due_at]
    return {"": share(len(kept), len(due))}


def _results(seen: Seen) -> list[RecognitionRecord]:
    rows = RecognitionRecord.unscoped.select_related("resource__site")
    return [row for row in rows if seen.mine(row.institution_id) and seen.inside(row.at, row)]


def recognition(seen: Seen):
    rows = _results(seen)
    could = [row for row in rows if row.recognised or row.verdict != "no"]
    return {"": share(sum(row.recognised for row in rows), len(could))}


def repeats_avoided(seen: Seen):
    return {"": sum(row.recognised for row in _results(seen)) * EXAMINATION}


OF = {
    "staff_hours": staff_hours, "shift_fill": shift_fill, "notice": notice,
    "overrides": overrides, "credentials": credentials, "grants_approved": approved,
    "grants_denied": denied, "grants_expired": expired, "looks": looks, "looks_refused": refused,
    "break_glass": emergencies, "break_glass_reviewed": reviewed, "recognition": recognition,
    "repeats_avoided": repeats_avoided,
}  # fmt: skip
