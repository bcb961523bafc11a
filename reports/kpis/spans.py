"""Spans of time within a period: clipped and merged before they are added up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]  # half-open


def merged(spans: Iterable[Span], period: Span) -> list[Span]:
    """In order and apart from each other; what lies outside of the period is left away."""
    first, last = period
    inside = sorted((max(begin, first), min(end, last)) for begin, end in spans)
    found: list[Span] = []
    for begin, end in inside:
        if begin >= end:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def hours(spans: Iterable[Span], period: Span) -> float:
    """What two spans have in common counts once: ask for each device by itself."""
    total = sum((end - begin for begin, end in merged(spans, period)), timedelta())
    return total.total_seconds() / 3600
