"""Something that counts on one day, whatever it was counted from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """``columns`` are what it adds to the row that the others name."""

    day: date
    side: str
    kind: str
    category_code: str
    currency: str
    columns: Mapping[str, int]
