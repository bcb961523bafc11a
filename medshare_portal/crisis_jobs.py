"""A crisis ends by itself, to the minute, and everybody affected is told once."""

from datetime import timedelta

from medshare_portal.actions import crises
from medshare_portal.jobs import job


@job("end-crises", every=timedelta(minutes=1))
def end_crises(now):
    """Rules and visibility go by the end itself; this only closes the record and tells."""
    return crises.end_what_ran_out(now=now)
