"""People lent for shifts."""

from collections.abc import Sequence

from reports.kpis.measure import Measure, Unit, amount, ratio


def hours_shared(confirmed_hours: Sequence[float]) -> Measure:
    """Of the shifts whose hours both sides confirmed."""
    return amount(sum(confirmed_hours), Unit.HOURS)


def shift_fill(filled: int, published: int) -> Measure:
    return ratio(filled, published)


def mean_notice(notice_hours: Sequence[float]) -> Measure:
    """From the agreement to the begin of the shift."""
    return ratio(sum(notice_hours), len(notice_hours), Unit.HOURS)


def rule_overrides(passed_over: int, shifts: int) -> Measure:
    """Shifts that broke a rule of hours or rest, passed by two managers; the aim is none."""
    return ratio(passed_over, shifts)


def credentials_in_date(in_date: int, credentials: int) -> Measure:
    return ratio(in_date, credentials)
