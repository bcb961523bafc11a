"""The job of transfers: those that have not left and come close to their end."""

from datetime import timedelta

from medshare_portal.jobs import job
from scheduling.kinds.medicine.actions import deciding


@job("look-at-late-transfers", every=timedelta(hours=1))
def look_at_late_transfers(now):
    """MED-03: what has not left yet may come close to its end meanwhile."""
    return deciding.look_at_late_ones(now=now)
