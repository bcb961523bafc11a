"""Money: a whole number of the smallest unit of its currency; never a float, never two currencies.

Whole numbers, because both databases add them exactly; SQLite keeps a decimal as a float.

Rounding, one rule for the whole portal: to the nearest smallest unit, and exactly half-way up
(Council Regulation (EC) No 1103/97, article 5; 四舍五入, the habit of renminbi accounts).  It is
applied once to each line, and sums are sums of rounded lines: a reader who adds up what is
printed gets what is printed below it.
"""

from decimal import ROUND_HALF_UP, Decimal

from medshare_portal.currencies import exponent

LARGEST = 10**13  # smallest units of one amount; 10 million such lines still fit 64 bits


class TooLarge(ValueError):
    """An amount beyond ``LARGEST``: a slip of the keyboard, not a price."""


def rounded(value: Decimal, places: int) -> Decimal:
    """By the rule above."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def amount_of(quantity: Decimal, price: Decimal, currency: str) -> int:
    """What so much costs at this price, in smallest units.  Raises TooLarge."""
    places = exponent(currency)
    product = quantity * price
    if abs(product.scaleb(places)) > LARGEST:
        raise TooLarge
    return int(rounded(product, places).scaleb(places))


def decimal_of(amount: int, currency: str) -> Decimal:
    """The amount as people write it: 123456 of CNY is 1234.56, of JPY 123456."""
    return Decimal(amount).scaleb(-exponent(currency))


def money_words(amount: int, currency: str) -> str:
    """'1,234.56 CNY'; with a true minus sign where something is taken back."""
    number = f"{abs(decimal_of(amount, currency)):,.{exponent(currency)}f}"
    return f"{'−' if amount < 0 else ''}{number} {currency}"
