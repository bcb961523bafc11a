"""What a kind foresees: each is one module here, registered in one table.

A kind without a module foresees nothing.  Nothing else asks ``if kind == …``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from medshare_portal.registry import Registry
from reports.models import Forecast

ahead: Registry["AheadKind"] = Registry("kind that foresees")


@dataclass(frozen=True, kw_only=True)
class AheadKind:
    """``foresee(institution, now, zone)``: unsaved forecasts, in a number of statements that does
    not grow with the history.  ``words`` and ``address`` are of a forecast that warns: one line
    for the home page of its institution (``address(forecast, slug, may_offer)``)."""

    code: str
    label: Promise | str
    page: str  # url name, below /at/<slug>/
    foresee: Callable[[object, datetime, ZoneInfo], Iterable[Forecast]]
    words: Callable[[Forecast], str]
    address: Callable[[Forecast, str, bool], str]


def register(kind: AheadKind) -> AheadKind:
    return ahead.add(kind.code, kind)
