"""The same settlement the slow way: fractions, one share at a time, no code of the portal's."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from math import floor

DIGITS = {"CNY": 2, "EUR": 2, "JPY": 0, "KWD": 3}


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def amount(seconds: int, units: int, price: str, currency: str) -> int:
    """Hours to the hundredth, then money to the smallest unit."""
    hundredths = half_up(Fraction(seconds * units, 36))
    return half_up(Fraction(hundredths, 100) * Fraction(price) * 10 ** DIGITS[currency])


def settle(shares) -> dict:
    """(low, high, month, currency) → (owed to low, owed to high)."""
    owed = defaultdict(lambda: [0, 0])
    for share in shares:
        low, high = sorted((share["owner"], share["borrower"]))
        day = share["ended"].astimezone(share["zone"]).date()
        key = (low, high, date(day.year, day.month, 1), share["currency"])
        one = 3600  # a shift at a price counts as one, however long it became
        length = (one, 1) if share["by_shift"] else (share["seconds"], share["units"])
        worth = amount(*length, share["price"], share["currency"])
        owed[key][share["owner"] == high] += worth
    return {key: tuple(sums) for key, sums in owed.items()}
