"""Signs of life of the process that computes a round, and the end of one that was given up.

A beat comes from a thread of its own: drawing, solving and explaining may each take minutes without
a word.  A process to which the round does not belong any more – it was thought dead, and the round
failed or went to another – ends itself.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection

from scheduling.models import MatchingRun
from scheduling.round_states import RoundState

BEAT_SECONDS = 5.0
GIVEN_UP = 3  # exit code of a process whose round was taken from it
logger = logging.getLogger(__name__)


def mine(run: MatchingRun):
    """The round while it is still this process's: one that was given up is not written to, nor
    one that was taken up anew by another."""
    rows = MatchingRun.objects.of_worker()
    return rows.filter(pk=run.pk, state=RoundState.RUNNING, attempt=run.attempt)


@contextmanager
def beating(run: MatchingRun, *, clock: Callable[[], datetime]) -> Iterator[None]:
    """Beat in the background; for a process of its own only, which it may end."""
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, clock, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(run: MatchingRun, clock: Callable[[], datetime], done: threading.Event) -> None:
    try:
        while not done.wait(BEAT_SECONDS):
            # What has just been stored is not ours any more either: the end comes at once then.
            if not _told(run, clock()) and not done.wait(BEAT_SECONDS):
                logger.warning("round %s was given up; its process ends", run.pk)
                os._exit(GIVEN_UP)
    finally:
        connection.close()


def _told(run: MatchingRun, now: datetime) -> bool:
    try:
        return bool(mine(run).update(alive_at=now))
    except DatabaseError:  # busy, or away for a while: the next beat tries again
        logger.warning("round %s could not give a sign of life", run.pk, exc_info=True)
        connection.close()
        return True
