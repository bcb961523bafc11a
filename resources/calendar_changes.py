"""What a calendar file changes among the times that were imported before.  Pure.

An event is known by its UID, an occurrence of it by its start.  A start that is gone from an event
has moved (to the start that replaces it, else to the next one that is new) or was removed.  What
is over stays as it was, and so does every event that the file does not name.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that the owner keeps; ``uid`` names the calendar event that it comes from,
    ``instead_of`` the start of the occurrence that it replaces (RECURRENCE-ID)."""

    starts_at: datetime
    ends_at: datetime
    note: str = ""
    uid: str = ""
    instead_of: datetime | None = None


@dataclass
class Changes:
    """``same`` and ``moved`` pair an imported block with its entry; ``removed`` are blocks."""

    fresh: list[Kept] = field(default_factory=list)
    same: list[tuple] = field(default_factory=list)
    moved: list[tuple] = field(default_factory=list)
    removed: list = field(default_factory=list)

    @property
    def going(self) -> list:
        """The blocks that do not stay where they are."""
        return [*(block for block, _entry in self.moved), *self.removed]


def compare(
    entries: Iterable[Kept], blocks: Iterable, *, uids: Iterable[str], now: datetime
) -> Changes:
    """Changes for the ``entries`` of a file that names ``uids``, among imported ``blocks``."""
    changes = Changes()
    known: dict[str, dict] = defaultdict(dict)
    for block in blocks:
        known[block.source_uid][block.starts_at] = block
    wanted: dict[str, dict] = defaultdict(dict)
    for entry in entries:
        if entry.uid:
            wanted[entry.uid][entry.starts_at] = entry
        else:
            changes.fresh.append(entry)
    for uid in sorted({*wanted, *uids} - {""}):
        _compare_event(changes, wanted[uid], known[uid], now)
    return changes


def _compare_event(changes: Changes, wanted: dict, known: dict, now: datetime) -> None:
    for start in sorted(wanted.keys() & known.keys()):
        changes.same.append((known.pop(start), wanted.pop(start)))
    known = {start: block for start, block in known.items() if block.ends_at > now}
    for start, entry in sorted(wanted.items()):
        if entry.instead_of in known:
            changes.moved.append((known.pop(entry.instead_of), wanted.pop(start)))
    blocks = [block for _start, block in sorted(known.items())]
    entries = [entry for _start, entry in sorted(wanted.items())]
    pairs = min(len(blocks), len(entries))
    changes.moved += zip(blocks[:pairs], entries[:pairs], strict=True)
    changes.removed += blocks[pairs:]
    changes.fresh += entries[pairs:]
