"""Steps under a crisis that reaches owner and borrower of a loan."""

from datetime import timedelta

from scheduling.actions import city_approvals
from scheduling.models import TransitionLog
from tests import make
from tests.scheduling.actions.loan import HOUR, ask

MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


def crisis_of(city, now, **fields):
    return make.crisis(city.owner, city.borrower, starts_at=now - HOUR, **fields)


def soon(now, **changes):
    return {"starts_at": now + 2 * HOUR, "ends_at": now + 10 * HOUR} | changes


def steps_of(request):
    return {row.transition: row for row in TransitionLog.unscoped.filter(sharing_request=request)}


def asked_stat(city, now, **changes):
    return ask(city, now, priority="stat", **changes)


def approved_by_city(request, official, now, **changes):
    return city_approvals.approve(
        sharing_request=request, reason="Three patients wait.", by=official, now=now, **changes
    )
