"""The jobs runner: small idempotent functions, each at its interval, never twice at once.

Apps register jobs in their ``jobs.py``::

    @job("lapse-holds", every=timedelta(minutes=1))
    def lapse_holds(now): …  # returns the number of rows changed
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from medshare_portal.models import JobRun
from medshare_portal.registry import Registry

LOCK_FOR = timedelta(minutes=30)
logger = logging.getLogger(__name__)
registry: Registry["Job"] = Registry("job")


@dataclass(frozen=True)
class Job:
    name: str
    every: timedelta
    run: Callable[[datetime], int]


def job(name: str, *, every: timedelta):
    """Register a function of ``now`` that returns how many rows it changed."""

    def register(function: Callable[[datetime], int]):
        registry.add(name, Job(name, every, function))
        return function

    return register


def run_due(*, now: datetime, force: bool = False) -> dict[str, int]:
    """Run what is due (or everything, with ``force``); a failing job does not stop the others."""
    return {entry.name: _run(entry, now) for entry in registry if _take(entry, now, force)}


def _take(entry: Job, now: datetime, force: bool) -> bool:
    """Lock by compare-and-set; False when it is running elsewhere or not due."""
    JobRun.objects.get_or_create(name=entry.name)
    free = Q(locked_until__isnull=True) | Q(locked_until__lt=now)
    due = Q() if force else Q(started_at__isnull=True) | Q(started_at__lte=now - entry.every)
    return bool(
        JobRun.objects.filter(free, due, name=entry.name).update(
            locked_until=now + LOCK_FOR, started_at=now
        )
    )


def progress(name: str, done: int) -> None:
    """How far a long job has come, for whoever looks at it while it runs; it keeps its lock."""
    JobRun.objects.filter(name=name).update(done=done, locked_until=timezone.now() + LOCK_FOR)


def _run(entry: Job, now: datetime) -> int:
    done, error = 0, ""
    try:
        done = entry.run(now) or 0
    except Exception as problem:
        logger.exception("job %s failed", entry.name)
        error = f"{type(problem).__name__}: {problem}"[:2000]
    JobRun.objects.filter(name=entry.name).update(
        locked_until=None, finished_at=timezone.now(), done=done, error=error
    )
    return done
