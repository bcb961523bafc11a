"""A shift that somebody wants to enter, before it is a row.  A leaf."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """``resource`` is the key of the person, ``uid`` the calendar event that it comes from and
    ``occurrence`` which of its occurrences, where the event repeats."""

    resource: int
    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0
    employer: str = "home"
    note: str = ""
    uid: str = ""
    occurrence: datetime | None = None
