"""What a calendar file changes among the times that were imported before.  Pure.

An event is known by its UID, an occurrence of a repeating one by the start that its rule gives it.
A time has moved where the same event, or the same occurrence, has another start; else one time
went and another came.  What is over stays as it was, and so does every event, and every
occurrence, that the file does not name.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

# UID → which of its occurrences a file names; None: the whole event.
Named = Mapping[str, frozenset[datetime] | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that the owner keeps; ``uid`` names the calendar event that it comes from,
    ``occurrence`` which of its occurrences: the start by its rule (RECURRENCE-ID), None where the
    event happens once."""

    starts_at: datetime
    ends_at: datetime
    note: str = ""
    uid: str = ""
    occurrence: datetime | None = None


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


def compare(entries: Iterable[Kept], blocks: Iterable, *, named: Named, now: datetime) -> Changes:
    """Changes for the ``entries`` of a file that names these events, among imported ``blocks``."""
    changes = Changes()
    known: dict[str, list] = defaultdict(list)
    for block in blocks:
        known[block.source_uid].append(block)
    wanted: dict[str, dict] = defaultdict(dict)
    for entry in entries:
        if entry.uid:
            wanted[entry.uid][entry.starts_at] = entry
        else:
            changes.fresh.append(entry)
    for uid in sorted({*wanted, *named} - {""}):
        concerned = _concerned(known[uid], wanted[uid], named.get(uid))
        _compare_event(changes, wanted[uid], concerned, now)
    return changes


def _concerned(blocks: list, wanted: dict, occurrences: frozenset[datetime] | None) -> list:
    """The blocks of an event of which the file speaks: all, or only those of some occurrences."""
    if occurrences is None:
        return blocks
    return [
        block
        for block in blocks
        if block.starts_at in wanted or (block.source_starts_at or block.starts_at) in occurrences
    ]


def _compare_event(changes: Changes, wanted: dict, blocks: list, now: datetime) -> None:
    once = len(wanted) == 1
    known = {block.starts_at: block for block in blocks}
    for start in sorted(wanted.keys() & known.keys()):
        changes.same.append((known.pop(start), wanted.pop(start)))
    left = [block for _start, block in sorted(known.items()) if block.ends_at > now]
    once = once and len(left) == 1
    for _start, entry in sorted(wanted.items()):
        block = next((block for block in left if _is_same(block, entry, once)), None)
        if block is None:
            changes.fresh.append(entry)
        else:
            left.remove(block)
            changes.moved.append((block, entry))
    changes.removed += left


def _is_same(block, entry: Kept, once: bool) -> bool:
    """Whether both are the one time of an event, or the same occurrence of it."""
    if entry.occurrence is None:
        return once and block.source_starts_at is None
    return entry.occurrence == block.source_starts_at
