"""What a decision would lead to: the longest part that is free, and who could still be served."""

from datetime import datetime, timedelta

from resources.intervals import subtract
from scheduling.models import SharingRequest
from scheduling.rules import RuleContext

SHORTEST_PART = timedelta(hours=1)
OF_TIME = {"GEN-03", "EQ-13"}  # blocks that a narrower time may remove
Interval = tuple[datetime, datetime]


def free_part(context: RuleContext | None, findings) -> Interval | None:
    """The longest part of the asked time that meets no conflict, buffers kept.

    None when something other than time stands in the way, or less than an hour is left.
    """
    codes = {finding.code for finding in findings.blocks}
    if context is None or not codes or not codes <= OF_TIME or context.resource.units > 1:
        return None
    before = context.starts_at - context.blocked_from
    after = context.blocked_until - context.ends_at
    taken = [(row.starts_at - after, row.ends_at + before) for row in context.conflicts]
    free = subtract([(context.starts_at, context.ends_at)], taken)
    longest = max(free, key=lambda part: part[1] - part[0], default=None)
    if longest is None or longest[1] - longest[0] < SHORTEST_PART:
        return None
    return longest


def outcome(
    task, part: Interval | None, *, tried=None, declined: bool = False
) -> list[tuple[str, datetime, datetime]]:
    """(letter, from, until) of what would be booked and of rivals that could still be served.

    ``tried`` are other times, or another unit, that the approver looks at.
    """
    if declined:
        return _served(task, [])
    if tried is None and task.findings.blocks and part is None:
        return []
    first, last = _times(task, part, tried)
    found = [("A", first, last)]
    if tried is not None and tried.clashes:
        return found
    same_unit = tried is None or tried.unit.pk == task.request.resource_id
    taken = [_with_buffers(task.request, first, last)] if same_unit else []
    return found + _served(task, taken)


def _served(task, taken: list[Interval]) -> list[tuple[str, datetime, datetime]]:
    """The rivals that fit beside what is taken, the first first."""
    taken = taken + [(row.starts_at, row.ends_at) for row in task.context.conflicts]
    found = []
    for letter, rival in zip("BCDEFGH", task.rivals, strict=False):
        if _fits(rival, taken):
            found.append((letter, rival.starts_at, rival.ends_at))
            taken.append((rival.blocked_from, rival.blocked_until))
    return found


def _times(task, part: Interval | None, tried) -> Interval:
    if tried is not None:
        return tried.starts_at, tried.ends_at
    return part or (task.request.starts_at, task.request.ends_at)


def _with_buffers(request: SharingRequest, starts_at: datetime, ends_at: datetime) -> Interval:
    before = request.starts_at - request.blocked_from
    after = request.blocked_until - request.ends_at
    return starts_at - before, ends_at + after


def _fits(rival: SharingRequest, taken: list[Interval]) -> bool:
    return not any(
        rival.blocked_from < ends_at and rival.blocked_until > starts_at
        for starts_at, ends_at in taken
    )
