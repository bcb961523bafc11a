"""Rounds whose process has died are in nobody's way."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from scheduling.models import MatchingRun
from scheduling.round_states import RoundState

MOST_ATTEMPTS = 2  # a round whose process died is taken up anew once
# A process beats every few seconds (signs_of_life); one that does not has died.
SILENT_FOR = timedelta(seconds=90)
# Three kinds with the longest time limit, made anew as often as may be, take less.
LONGEST = timedelta(hours=1)
DIED, STUCK = "died", "stuck"
logger = logging.getLogger(__name__)


def give_up_lost(*, now: datetime, ended: Collection[int] = ()) -> int:
    """Rounds whose process died, is silent, or computes for too long.

    ``ended``: rounds whose process is known to have ended.  The first time such a round goes back
    into the queue, unless somebody wants it stopped; the second time it has failed.
    """
    running = MatchingRun.objects.of_worker().filter(state=RoundState.RUNNING)
    stuck = Q(started_at__lt=now - LONGEST)
    died = Q(alive_at__lt=now - SILENT_FOR) | Q(pk__in=list(ended))
    with transaction.atomic():
        failed = running.filter(stuck).update(state=RoundState.FAILED, finished_at=now, error=STUCK)
        anew = running.filter(died, attempt__lt=MOST_ATTEMPTS, stop_asked_at__isnull=True)
        again = anew.update(state=RoundState.QUEUED, started_at=None, alive_at=None, progress={})
        failed += running.filter(died).update(state=RoundState.FAILED, finished_at=now, error=DIED)
    if again or failed:
        logger.warning("rounds without a process: %s taken up anew, %s failed", again, failed)
    return again + failed
