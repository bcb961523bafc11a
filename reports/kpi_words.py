"""Figures in the words of the reader's language."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.kpis import Measure, Unit
from reports.kpis.catalogue import KPIS, Better

INDEX_PLACES = 3
MANY = 1000
FEW_HOURS = 10
STILL = 0.0005  # a change that is rounded away


def number_words(value, places: int = 0) -> str:
    """'1,234.5' with a true minus sign."""
    if value is None:
        return pgettext("a figure", "n/a")
    rounded = round(Decimal(str(value)), places)
    return f"{'−' if rounded < 0 else ''}{abs(rounded):,.{places}f}"


def value_words(value, unit: Unit, currency: str = "") -> str:
    if value is None:
        return pgettext("a figure", "n/a")
    match unit:
        case Unit.SHARE:
            return f"{number_words(float(value) * 100, 1)} %"
        case Unit.HOURS:
            places = 1 if abs(value) < FEW_HOURS and round(value, 1) != round(value) else 0
            return pgettext("length", "%(hours)s h") % {"hours": number_words(value, places)}
        case Unit.MONEY:
            return f"{number_words(value)} {currency}".strip()
        case Unit.INDEX:
            return number_words(value, 3)
        case Unit.KG:
            return f"{number_words(value)} kg"
        case Unit.EACH:
            return number_words(value, 1)
    return number_words(value)


def measure_words(measure: Measure, currency: str = "") -> str:
    return value_words(measure.value, measure.unit, currency)


def parts_of(measure: Measure) -> tuple[str, str]:
    """Numerator and denominator; a sum has neither beside itself."""
    if measure.denominator is None:
        return "–", "–"
    places = INDEX_PLACES if measure.unit == Unit.INDEX else 1
    return part_words(measure.numerator, places), part_words(measure.denominator, places)


def part_words(value, places: int = 1) -> str:
    """A numerator or denominator by itself; of many, what is behind the point says nothing."""
    if value is None:
        return "–"
    if places > 1 and abs(value) >= MANY:
        places = 0
    return number_words(value, 0 if round(value, places) == round(value) else places)


def change_of(code: str, now: Measure, before: Measure | None, currency: str = "") -> dict | None:
    """{words, tone, icon} of the difference; None where either is not known."""
    if before is None or not now.known or not before.known:
        return None
    difference = float(now.value) - float(before.value)
    if now.unit == Unit.SHARE:
        size = _("%(points)s points") % {"points": number_words(abs(difference) * 100, 1)}
    else:
        size = value_words(abs(difference), now.unit, currency)
    nothing = value_words(0, now.unit, currency)
    if abs(difference) < STILL or (now.unit != Unit.SHARE and size == nothing):
        return {"words": _("as before"), "tone": "neutral", "arrow": "="}
    arrow = "▲" if difference > 0 else "▼"
    better = KPIS[code].better
    if better == Better.NEITHER:
        return {"words": size, "tone": "neutral", "arrow": arrow}
    good = (difference > 0) == (better == Better.MORE)
    words = _("%(size)s better") if good else _("%(size)s worse")
    return {"words": words % {"size": size}, "tone": "ok" if good else "bad", "arrow": arrow}
