"""What a lane shows: bars with words, washes without, and the track that each bar runs on."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar.  ``css`` is the ending of its class (``bar-booked`` → booked)."""

    css: str
    starts_at: datetime
    ends_at: datetime
    label: str = ""
    title: str = ""
    url: str = ""
    glyph: str = ""
    track: int = 0


def in_tracks(marks: list[Mark], most: int = 3) -> tuple[list[Mark], int]:
    """Marks by start, those that overlap one under the other; and the number of tracks.

    With more than ``most`` at once the last track takes the rest.
    """
    placed, free_from = [], []
    for mark in sorted(marks, key=lambda mark: (mark.starts_at, mark.ends_at)):
        track = _first_free(free_from, mark.starts_at)
        if track == len(free_from) and track < most:
            free_from.append(mark.ends_at)
        else:
            track = min(track, most - 1)
            free_from[track] = max(free_from[track], mark.ends_at)
        placed.append(replace(mark, track=track) if track else mark)
    return placed, max(1, len(free_from))


def _first_free(free_from: list[datetime], starts_at: datetime) -> int:
    for track, moment in enumerate(free_from):
        if moment <= starts_at:
            return track
    return len(free_from)
