"""Whether what was agreed is kept."""

from reports.kpis.measure import Measure, ratio


def no_show(not_collected: int, booked: int) -> Measure:
    return ratio(not_collected, booked)


def late_cancel(cancelled_late: int, booked: int) -> Measure:
    return ratio(cancelled_late, booked)


def overdue_return(returned_late: int, loans: int) -> Measure:
    return ratio(returned_late, loans)
