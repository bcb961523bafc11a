"""What is said about a figure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from reports.kpis.measure import Unit


class Better(StrEnum):
    """In which direction a figure improves; some only describe."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kpi:
    """``made_by`` is the function that makes it; texts are translated where they are shown.
    ``kinds``: of which kinds it is; none: those of its family."""

    code: str
    name: Promise
    says: Promise
    numerator: Promise
    denominator: Promise | None = None
    exclusions: Promise | None = None
    unit: Unit = Unit.SHARE
    better: Better = Better.MORE
    source: Promise
    made_by: Callable
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """``kinds``: of which kinds its figures are; none: of all."""

    name: Promise
    kpis: tuple[Kpi, ...]
    kinds: tuple[str, ...] = ()
