"""What stands idle, and what others make of it."""

from reports.kpis.measure import Measure, Unit, amount, ratio


def idle_hours(available_hours: float, used_hours: float, buffer_hours: float) -> Measure:
    """Never less than none: what ran beyond its hours is no idle time elsewhere."""
    idle = max(available_hours - used_hours - buffer_hours, 0)
    return amount(idle, Unit.HOURS)


def idle_rate(available_hours: float, used_hours: float, buffer_hours: float) -> Measure:
    return ratio(max(available_hours - used_hours - buffer_hours, 0), available_hours)


def sharing_rate(used_by_others: float, used_hours: float) -> Measure:
    """Of the use, what others made of it."""
    return ratio(used_by_others, used_hours)


def idle_conversion(used_by_others: float, offered_hours: float) -> Measure:
    """Of the idle hours that were offered, what others used."""
    return ratio(used_by_others, offered_hours)
