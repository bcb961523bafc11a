"""Count all days of a span anew, by one process or by several, institution by institution."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context

from django.db import connections

from reports.actions.counting import institutions, last_day_over, nobody, rebuild_one
from reports.actions.waits import CITY


def rebuild(
    *,
    first: date,
    last: date,
    now: datetime,
    tell: Callable[[int, int], None] = nobody,
    processes: int = 1,
) -> int:
    """Returns the rows changed; ``tell`` hears how many institutions of how many are done.

    It may be stopped and begun again.  ``processes`` beyond one are for PostgreSQL: SQLite has one
    writer.  The city comes last, because its sums are of what was counted before.
    """
    last, rows, changed = min(last, last_day_over(now)), institutions(), 0
    one = partial(rebuild_one, first=first, last=last, now=now)
    each = map(one, rows) if processes == 1 else _by_several(one, rows, processes)
    for done, more in enumerate(each, start=1):
        changed += more
        tell(done, len(rows))
    return changed + one(CITY)


def _by_several(one, rows: list[int], processes: int) -> Iterator[int]:
    """Each process has a connection of its own: ours is closed before it is copied."""
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for done in as_completed([pool.submit(one, row) for row in rows]):
            yield done.result()
