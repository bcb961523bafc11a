"""What a shift costs: its agreed price, or the confirmed hours, breaks left out, at the rate."""

from datetime import timedelta

from scheduling.costs import Charge, per_hour, per_shift

RELATED = ("staff_engagement",)


def confirmed_work(sharing_request) -> Charge | None:
    """One check-in to one timesheet is one shift.  None where no timesheet was signed."""
    sheet = getattr(sharing_request, "staff_engagement", None)
    if sheet is None or sheet.worked_until is None:
        return None
    if sharing_request.fee_per_shift is not None:
        return per_shift(sharing_request)
    pause = timedelta(minutes=sheet.worked_break_minutes)
    return per_hour(sharing_request, sheet.worked_until - sheet.worked_from - pause)
