"""Requests: how long they waited, how many were met, how well it was kept."""

from collections.abc import Iterator

from reports.kpis import discipline, fulfilment, ratio
from reports.queries import unmet
from reports.queries.kpis import waits
from reports.queries.kpis.ground import Ground, Made
from reports.queries.scores import bookings, scores
from reports.unmet import why_words

OF_SCORES = ("in_time", "fulfilment", "quantity_fill", "no_show", "overdue")
MEDICINE = "medicine"


def figures(ground: Ground) -> Iterator[Made]:
    yield from waits.figures(ground)
    made = scores(ground.given(), ground.received(), currency=ground.currency)
    yield from (Made(code, made[code]) for code in OF_SCORES)
    received = ground.received()
    late = discipline.late_cancel(received.cancelled_late, bookings(received))
    yield Made("late_cancel", late)
    packs = ground.received(MEDICINE)
    yield Made("line_fill", fulfilment.line_fill(packs.filled_whole, packs.due))
    yield from _reasons(ground)


def _reasons(ground: Ground) -> Iterator[Made]:
    if ground.of_city:
        found = unmet.of_city(ground.period, kind=ground.kind)
    else:
        found = unmet.of_institution(ground.institution, ground.period, kind=ground.kind)
    total = sum(reason.count for reason in found)
    if not found:
        yield Made("unmet_reasons", ratio(0, 0))
    for reason in found:
        yield Made("unmet_reasons", ratio(reason.count, total), why_words(reason.code))
