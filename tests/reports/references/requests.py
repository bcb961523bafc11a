"""Requests, one by one."""

from collections import Counter
from math import ceil
from statistics import median

from scheduling import deadlines
from scheduling.models import Need, WaitlistEntry
from tests.reports.references.seen import CITY, DAY, HOUR, Seen, outcome, share

AGREED = ("filled", "not_collected", "cancelled", "recalled")
REFUSED = {
    "own_need": "We need it ourselves", "other_won": "Given to another request",
    "unsuitable": "Not suitable for the purpose", "not_ready": "Not ready for use",
    "terms": "Terms not met", "other": "Other reason",
}  # fmt: skip
TAKEN_BACK = {"own_need": "We need it ourselves", "defect": "Out of order or in maintenance"}
URGENCIES = {
    "routine": "Routine", "urgent": "Urgent", "asap": "As soon as possible", "stat": "Emergency",
}  # fmt: skip
STEPS = {
    "Sent → decided": ("submitted_at", "decided_at"),
    "Decided → handed over": ("decided_at", "actual_starts_at"),
    "Sent → handed over": ("submitted_at", "actual_starts_at"),
}


def _waits(seen: Seen, of) -> dict[str, float | None]:
    """Answers on the day of the decision, handovers of what ended."""
    found = {}
    for step, (first, last) in STEPS.items():
        rows = answered(seen) if last == "decided_at" else seen.ended(seen.given())
        pairs = [(getattr(r, first), getattr(r, last)) for r in rows]
        waits = sorted((b - a) / HOUR for a, b in pairs if a and b)
        found[step] = of(waits) if waits else None
    for code, words in URGENCIES.items():
        rows = [row for row in answered(seen) if row.priority == code]
        waits = sorted((row.decided_at - row.submitted_at) / HOUR for row in rows)
        found |= {f"Sent → decided · {words}": of(waits)} if waits else {}
    return found


def half(seen: Seen):
    return _waits(seen, median)


def nine_in_ten(seen: Seen):
    return _waits(seen, lambda waits: waits[ceil(len(waits) * 0.9) - 1])


def in_time(seen: Seen):
    """Who let a request run out has not answered in time."""
    rows, never = answered(seen), seen.ended(seen.given(), "too_slow")
    kept = [row for row in rows if row.decided_at <= _due(row)]
    return {"": share(len(kept), len(rows) + len(never))}


def answered(seen: Seen, kind: str = "") -> list:
    """Whatever became of it since."""
    return [row for row in seen.given(kind) if seen.inside(row.decided_at, row)]


def _due(row):
    return deadlines.answer_due(site=row.resource.site, priority=row.priority, now=row.submitted_at)


def due(seen: Seen, kind: str = "") -> list:
    ended = seen.ended(seen.received(kind))
    return [row for row in ended if outcome(row) != "withdrawn"]


def fulfilment(seen: Seen):
    return {"": share(len(seen.ended(seen.received(), "filled")), len(due(seen)))}


def unmet_reasons(seen: Seen):
    """Requests that nobody gave or that were taken back, needs and places that ran out."""
    counts = Counter(_why(row) for row in _ended_in_the_city(seen) if _why(row))
    ran_out = [r for r in Need.unscoped.filter(state="expired") if seen.mine(r.institution_id)]
    waited = WaitlistEntry.unscoped.filter(state="expired")
    counts["Nobody had it listed"] = len(_in_city(seen, ran_out))
    counts["Taken all the time that was waited for"] = len(
        _in_city(seen, [row for row in waited if seen.mine(row.borrower_id)])
    )
    total = sum(counts.values())
    return {word: n / total for word, n in counts.items() if n} if total else {"": None}


def _ended_in_the_city(seen: Seen) -> list:
    return _in_city(seen, [row for row in seen.received() if row.ended_at])


def _in_city(seen: Seen, rows) -> list:
    return [row for row in rows if seen.on(row.ended_at.astimezone(CITY).date())]


def _why(row) -> str:
    match outcome(row):
        case "refused":
            return f"Refused: {REFUSED[row.decision_code]}"
        case "too_slow":
            return "Nobody answered in time"
        case "recalled" if row.decision_code in TAKEN_BACK:
            return f"Taken back early by the owner: {TAKEN_BACK[row.decision_code]}"
        case "recalled":
            return "Taken back early by the owner"
    return ""


def line_fill(seen: Seen):
    return {
        "": share(sum(_whole(row) for row in due(seen, "medicine")), len(due(seen, "medicine")))
    }


def _whole(row) -> bool:
    return outcome(row) == "filled" and row.medicine_transfer.accepted >= row.asked_quantity


def quantity_fill(seen: Seen):
    """Of every line that was due: who is refused gets nothing of what was asked for."""
    lines = due(seen, "medicine")
    got = sum(r.medicine_transfer.accepted for r in lines if outcome(r) == "filled")
    return {"": share(got, sum(row.asked_quantity for row in lines))}


def booked(seen: Seen, rows) -> list:
    return seen.ended(rows, *AGREED)


def no_show(seen: Seen):
    rows = seen.received()
    return {"": share(len(seen.ended(rows, "not_collected")), len(booked(seen, rows)))}


def late_cancel(seen: Seen):
    rows = seen.received()
    late = [
        row
        for row in seen.ended(rows, "cancelled")
        if row.starts_at and row.starts_at - row.ended_at < DAY
    ]
    return {"": share(len(late), len(booked(seen, rows)))}


def overdue(seen: Seen):
    """Of loans of equipment that are over; an hour late is not late."""
    loans = [row for row in seen.ended(seen.received("equipment")) if row.state == "closed"]
    late = [r for r in loans if r.ends_at and r.back_at > r.ends_at + HOUR]
    return {"": share(len(late), len(loans))}


OF = {
    "median": half, "p90": nine_in_ten, "in_time": in_time, "fulfilment": fulfilment,
    "unmet_reasons": unmet_reasons, "line_fill": line_fill, "quantity_fill": quantity_fill,
    "no_show": no_show, "late_cancel": late_cancel, "overdue": overdue,
}  # fmt: skip
