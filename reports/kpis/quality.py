"""How far the data behind the figures can be trusted."""

from reports.kpis.measure import Measure, ratio

STALE_DAYS = 30


def coded(with_all_codes: int, resources: int) -> Measure:
    return ratio(with_all_codes, resources)


def stale(unconfirmed: int, resources: int) -> Measure:
    """``unconfirmed`` for more than ``STALE_DAYS``."""
    return ratio(unconfirmed, resources)
