"""What a shift costs: the hours on the confirmed timesheet, breaks left out, at the agreed rate."""

from datetime import timedelta

from scheduling.costs import Charge, per_hour

RELATED = ("staff_engagement",)


def confirmed_hours(sharing_request) -> Charge | None:
    """None where no timesheet was signed."""
    sheet = getattr(sharing_request, "staff_engagement", None)
    if sheet is None or sheet.worked_until is None:
        return None
    pause = timedelta(minutes=sheet.worked_break_minutes)
    return per_hour(sharing_request, sheet.worked_until - sheet.worked_from - pause)
