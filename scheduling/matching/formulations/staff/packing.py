"""The rows of the packing: one person per shift, rest between two, no week over its cap.

Two shifts of a person exclude each other when their times, each made longer by the rest at its
end, overlap.  Of intervals, all that exclude each other pairwise meet in one moment: one row per
maximal such clique says all pairs at once, and the rows are nearly integral.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from scheduling.matching.candidates import CandidateSet
from scheduling.matching.problem import Problem
from scheduling.matching.shifts import Shifts, counts_hours

PIECES = (1, 2, 3)  # of a shift, in which a week's hours are counted as well


@dataclass(frozen=True)
class Packing:
    """One column per admissible pair of an open need: ``need`` and ``person`` (int64), sorted as
    the candidates are.  A plan is a 0/1 vector x with ``rows @ x <= room``.  ``owner``: the person
    whose time a row parts, -1 for the rows of a need."""

    need: np.ndarray
    person: np.ndarray
    rows: sparse.csr_array
    room: np.ndarray
    owner: np.ndarray

    def __len__(self) -> int:
        return len(self.need)


@dataclass(frozen=True)
class Columns:
    """Those of a packing, without its rows."""

    need: np.ndarray
    person: np.ndarray

    def __len__(self) -> int:
        return len(self.need)


def columns_of(candidates: CandidateSet, shifts: Shifts) -> Columns:
    open_needs = shifts.kept_by[candidates.need] < 0
    need = candidates.need[open_needs].astype(np.int64)
    return Columns(need, candidates.offer[open_needs].astype(np.int64))


def pack(problem: Problem, candidates: CandidateSet, shifts: Shifts) -> Packing:
    found = columns_of(candidates, shifts)
    return packing_of(found.need, found.person, problem, shifts)


def packing_of(need: np.ndarray, person: np.ndarray, problem: Problem, shifts: Shifts) -> Packing:
    rest = problem.parameters.rest_minutes
    blocks = [_one_each(need), _rest(need, person, shifts, rest)]
    if counts_hours(problem):
        blocks.append(_hours(need, person, shifts, shifts.caps[:, None] - shifts.load))
    rows = sparse.csr_array(sparse.vstack([_matrix(block, len(need)) for block in blocks]))
    room = np.concatenate([block.room for block in blocks])
    owner = np.full(len(room), -1, dtype=np.int64)
    timed = len(blocks[0].room)
    owner[timed:] = person[rows.indices[rows.indptr[timed:-1]]]
    return Packing(need, person, rows, room, owner)


@dataclass(frozen=True)
class _Block:
    """Entries of a sparse matrix, and the right-hand side of its rows."""

    row: np.ndarray
    column: np.ndarray
    value: np.ndarray
    room: np.ndarray


def _matrix(block: _Block, columns: int) -> sparse.csr_array:
    shape = (len(block.room), columns)
    return sparse.csr_array((block.value, (block.row, block.column)), shape=shape)


def _at_most_one(row: np.ndarray, column: np.ndarray) -> _Block:
    """Rows that hold one column only say nothing and are left out."""
    _, back, size = np.unique(row, return_inverse=True, return_counts=True)
    keep = size[back] > 1
    number = np.cumsum(size > 1) - 1
    entries = number[back[keep]]
    return _Block(entries, column[keep], np.ones(len(entries)), np.ones(int((size > 1).sum())))


def _one_each(need: np.ndarray) -> _Block:
    return _at_most_one(need, np.arange(len(need)))


def _rest(need: np.ndarray, person: np.ndarray, shifts: Shifts, rest: int) -> _Block:
    """Columns in order of person and start: column i excludes all that start before it ends and
    rest is over, up to ``until[i]``.  The clique at a start is maximal when somebody's exclusion
    ends there; a column is in all cliques from its own place to the end of its exclusion."""
    if not len(need):
        return _at_most_one(need, need)
    starts, ends = shifts.starts[need], shifts.ends[need]
    order = np.lexsort((starts, person))
    span = int(ends.max() - starts.min()) + rest + 1  # so that no exclusion reaches the next person
    key = person[order] * span + (starts[order] - starts.min())
    until = np.searchsorted(key, key + (ends - starts)[order] + rest, side="left")
    maximal = np.zeros(len(need), dtype=np.int64)
    maximal[until - 1] = 1
    number = np.cumsum(maximal)  # maximal cliques up to and with this place
    first, last = number - maximal, number[until - 1]
    times = last - first
    column = np.repeat(order, times)
    offset = np.arange(len(column)) - np.repeat(np.cumsum(times) - times, times)
    return _at_most_one(np.repeat(first, times) + offset, column)


def _hours(need: np.ndarray, person: np.ndarray, shifts: Shifts, room: np.ndarray) -> _Block:
    """Knapsacks per person and week in which all that is asked would be too much."""
    rows, columns, values, rooms = [], [], [], []
    order = np.argsort(person, kind="stable")
    names, first = np.unique(person[order], return_index=True)
    ends = np.append(first, len(order))[1:]
    for name, start, end in zip(names.tolist(), first, ends, strict=True):
        mine = order[start:end]
        asked_of = shifts.weekly[need[mine]]
        least = np.maximum(0, room[name])
        for week in np.flatnonzero(asked_of.sum(axis=0) > least).tolist():
            minutes = np.ascontiguousarray(asked_of[:, week])
            for parts, most in _known(minutes.tobytes(), int(least[week])):
                asked = parts > 0
                columns.append(mine[asked])
                values.append(parts[asked].astype(np.float64))
                rows.append(np.full(int(asked.sum()), len(rooms)))
                rooms.append(most)
    if not rooms:
        return _Block(need[:0], need[:0], np.zeros(0), np.zeros(0))
    scale = np.maximum(np.array(rooms, dtype=np.float64), 1.0)  # rows of like size solve better
    row = np.concatenate(rows)
    value = np.concatenate(values) / scale[row]
    return _Block(row, np.concatenate(columns), value, np.array(rooms) / scale)


@lru_cache(maxsize=5_000)
def _known(minutes: bytes, room: int) -> tuple[tuple[np.ndarray, int], ...]:
    """The same weeks come again and again: ``knapsacks`` of int64 lengths."""
    return tuple(knapsacks(np.frombuffer(minutes, dtype=np.int64), room))


def knapsacks(minutes: np.ndarray, room: int) -> Iterator[tuple[np.ndarray, int]]:
    """What says that no more than ``room`` of these minutes can be worked: parts and how many of
    them at most.  First the minutes themselves; then whole parts of a length, which are rounded
    down on both sides (Chvátal–Gomory): these refuse no plan, but the two thirds of a shift with
    which a relaxation would fill up a week."""
    if minutes.sum() <= room:
        return
    asked = minutes[minutes > 0]
    yield minutes, reachable(asked, room)
    known = set()
    for length in sorted({int(one) // piece for one in np.unique(asked) for piece in PIECES} - {0}):
        parts, most = minutes // length, room // length
        name = (parts.tobytes(), most)
        if parts.sum() > most and name not in known and np.any(minutes % length):
            known.add(name)
            yield parts, most


def reachable(minutes: np.ndarray, room: int) -> int:
    """The largest sum of some of ``minutes`` within ``room``: tighter, and refuses no plan."""
    sums, within = 1, (1 << max(0, room) + 1) - 1
    for length in minutes.tolist():
        sums |= sums << length & within
    return sums.bit_length() - 1
