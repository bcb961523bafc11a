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


def outcome(task, part: Interval | None) -> list[tuple[str, datetime, datetime]]:
    """(letter, from, until) of what would be booked and of rivals that could still be served."""
    request = task.request
    if task.findings.blocks and part is None:
        return []
    starts_at, ends_at = part or (request.starts_at, request.ends_at)
    found = [("A", starts_at, ends_at)]
    before = request.starts_at - request.blocked_from
    after = request.blocked_until - request.ends_at
    taken = [(starts_at - before, ends_at + after)]
    taken += [(row.starts_at, row.ends_at) for row in task.context.conflicts]
    for letter, rival in zip("BCDEFGH", task.rivals, strict=False):
        if _fits(rival, taken):
            found.append((letter, rival.starts_at, rival.ends_at))
            taken.append((rival.blocked_from, rival.blocked_until))
    return found


def _fits(rival: SharingRequest, taken: list[Interval]) -> bool:
    return not any(
        rival.blocked_from < ends_at and rival.blocked_until > starts_at
        for starts_at, ends_at in taken
    )
