"""Information under grants."""

from reports.kpis.measure import Measure, Number, Unit, amount, ratio


def approved(approved_grants: int, decided: int) -> Measure:
    return ratio(approved_grants, decided)


def denied(denied_grants: int, decided: int) -> Measure:
    return ratio(denied_grants, decided)


def expired(ended: int, approved_grants: int) -> Measure:
    """Grants that ran to their end, neither revoked nor used up."""
    return ratio(ended, approved_grants)


def looks_per_grant(looks: int, grants: int) -> Measure:
    return ratio(looks, grants, Unit.EACH)


def looks_refused(refused: int, looks: int) -> Measure:
    """``looks``: all that were tried."""
    return ratio(refused, looks)


def break_glass(opened_in_emergency: int, looks: int) -> Measure:
    return ratio(opened_in_emergency, looks)


def break_glass_reviewed(in_time: int, opened: int, within_time: int = 0) -> Measure:
    """Within three days; what may still be reviewed in time is left away."""
    return ratio(in_time, opened - within_time)


def recognition(recognised: int, recognisable: int) -> Measure:
    return ratio(recognised, recognisable)


def repeat_tests_avoided(recognised: int, price: Number) -> Measure:
    """One recognised result is one examination less, at its assumed price."""
    return amount(recognised * price, Unit.MONEY)
