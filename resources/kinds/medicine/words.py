"""How medicines are worded for a reader: names, packs, amounts."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from medshare_portal.bilingual import is_chinese, localised
from resources.enums_medicine import DoseUnit, Pack
from resources.tables import SYMBOLS

WAN, MILLION = 10_000, 1_000_000


def generic_name(row) -> str:
    """The generic name in the reader's language."""
    return localised(row, "generic_name")


def presentation(row) -> str:
    """'0.5 g × 10 vials a box', '0.5 g × 10 瓶/盒'."""
    return _("%(strength)s × %(size)s %(unit)s/%(pack)s") % {
        "strength": row.strength,
        "size": row.pack_size,
        "unit": DoseUnit(row.unit).label,
        "pack": Pack(row.pack).label,
    }


def whole(number: Decimal) -> int:
    """The nearest whole number, halves up."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def one_place(number: Decimal) -> str:
    """'4.2', '3'."""
    return f"{round(number, 1):f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def amount(value: Decimal, currency: str = "CNY") -> str:
    """A headline amount: '¥1.82 M', '¥182.1 万', '¥8,591'."""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    if is_chinese() and value >= WAN:
        return f"{symbol}{value / WAN:,.1f} 万"
    if value >= MILLION:
        return f"{symbol}{value / MILLION:,.2f} M"
    return f"{symbol}{whole(value):,}"
