"""The jobs of access to information: its end, the reminder of it, late reviews."""

from datetime import timedelta

from medshare_portal.jobs import job
from scheduling.kinds.information.actions import ending, glass


@job("end-access", every=timedelta(minutes=1))
def end_access(now):
    """INF-07: a withdrawn consent revokes within five minutes, so this runs every minute."""
    return ending.end_due(now=now)


@job("remind-of-ending-access", every=timedelta(minutes=15))
def remind_of_ending_access(now):
    return ending.remind_of_ends(now=now)


@job("tell-late-glass-reviews", every=timedelta(minutes=15))
def tell_late_glass_reviews(now):
    return glass.tell_late_reviews(now=now)
