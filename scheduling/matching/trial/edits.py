"""Changes to a copy of a problem that the kinds share."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from scheduling.matching.blocks import joined
from scheduling.matching.problem import NEEDS, OFFERS, Interval, Kind, Problem

NEW = "what-if"  # the id of an offer that there is only here


def needs_with(problem: Problem, kind: Kind, needs: Iterable, **values) -> Problem:
    """``needs`` with these values."""
    names = {need.id for need in needs}
    rows = (
        replace(row, **values) if row.id in names else row for row in getattr(problem, NEEDS[kind])
    )
    return replace(problem, **{NEEDS[kind]: tuple(rows)})


def offers_with(problem: Problem, kind: Kind, change: Callable) -> Problem:
    """Each offer as ``change`` leaves it."""
    rows = tuple(change(row) for row in getattr(problem, OFFERS[kind]))
    return replace(problem, **{OFFERS[kind]: rows})


def one_offer_with(problem: Problem, kind: Kind, offer: str, change: Callable) -> Problem:
    return offers_with(problem, kind, lambda row: change(row) if row.id == offer else row)


def one_more(problem: Problem, kind: Kind, offer) -> Problem:
    return replace(problem, **{OFFERS[kind]: (*getattr(problem, OFFERS[kind]), offer)})


def institutions_with(problem: Problem, needs: Iterable, field: str, more: frozenset) -> Problem:
    """The institutions of these needs with more certificates, or in more consortia."""
    names = {need.institution for need in needs}
    rows = tuple(
        replace(row, **{field: getattr(row, field) | more}) if row.id in names else row
        for row in problem.institutions
    )
    return replace(problem, institutions=rows)


def of_items(offers: Iterable, needs: Iterable) -> list:
    """The offers of what these needs ask for."""
    items = {need.item for need in needs}
    return [row for row in offers if row.item in items]


def in_every_group(problem: Problem, offers: Iterable, needs: Iterable) -> Problem:
    """The needs' institutions belong to every group that these offers are addressed to."""
    groups = frozenset().union(*(row.consortia for row in offers))
    return institutions_with(problem, needs, "consortia", groups)


def not_struck(problem: Problem, needs: Iterable) -> Problem:
    names = {need.id for need in needs}
    left = frozenset(pair for pair in problem.struck if pair[0] not in names)
    return replace(problem, struck=left)


def with_time(windows: tuple[Interval, ...], *more: Interval) -> tuple[Interval, ...]:
    return tuple(Interval(*gap) for gap in joined((*windows, *more)))
