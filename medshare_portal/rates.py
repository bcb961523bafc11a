"""A bound on how often a person may do what costs much, such as taking whole lists along.

Counted in the database, so that all workers count together, and under the row's lock, so that
ten at once are ten.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medshare_portal.models import RateCount
from medshare_portal.refusals import Refusal


class TooOften(Refusal):
    """The bound is reached; ``wait`` is how long until it is open again."""

    message = _("This was done too often within a short time.")
    status = 429

    def __init__(self, wait: timedelta):
        super().__init__()
        self.wait = wait


def take(*, user, what: str, most: int, within: timedelta, now: datetime) -> None:
    """Take one of ``most`` turns within a time.  Inside a transaction.  Raises TooOften."""
    RateCount.objects.get_or_create(user=user, what=what, defaults={"since": now})
    row = RateCount.objects.select_for_update().get(user=user, what=what)
    if row.since + within <= now:
        row.since, row.count = now, 0
    if row.count >= most:
        raise TooOften(row.since + within - now)
    row.count += 1
    row.save(update_fields=["since", "count"])


def check(*, user, what: str, most: int, within: timedelta, now: datetime) -> None:
    """Look whether a turn is left, without taking it.  Raises TooOften."""
    row = RateCount.objects.filter(user=user, what=what, since__gt=now - within).first()
    if row is not None and row.count >= most:
        raise TooOften(row.since + within - now)
