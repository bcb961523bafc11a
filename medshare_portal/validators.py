"""Check digits and zones of the identifiers that institutions and sites carry."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Django's own sentence: the portal's catalogue has a Chinese for it that says what is meant.
NULL_CHARACTERS = _("Null characters are not allowed.")

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc_check_character(first_17: str) -> str:
    """Check character of a 统一社会信用代码 (GB 32100-2015, mod 31)."""
    total = sum(
        USCC_ALPHABET.index(character) * weight
        for character, weight in zip(first_17, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[(31 - total % 31) % 31]


def validate_uscc(value: str) -> None:
    """GEN-11 for the unified social credit code."""
    if len(value) != 18 or any(character not in USCC_ALPHABET for character in value):
        raise ValidationError(_("A credit code has 18 digits and capitals, without I, O, S, V, Z."))
    expected = uscc_check_character(value[:17])
    if value[17] != expected:
        raise ValidationError(
            _("Check digit wrong, expected %(expected)s."),
            code="check-digit",
            params={"expected": expected},
        )


def gs1_check_digit(digits: str) -> str:
    """GS1 mod-10 check digit for the digits before it (GTIN, GLN; GS1 General Specifications)."""
    total = sum(
        int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def _validate_gs1(value: str, length: int) -> None:
    if not (value.isascii() and value.isdigit()) or len(value) != length:
        raise ValidationError(
            _("Enter exactly %(length)s digits."), code="length", params={"length": length}
        )
    expected = gs1_check_digit(value[:-1])
    if value[-1] != expected:
        raise ValidationError(
            _("Check digit wrong, expected %(expected)s."),
            code="check-digit",
            params={"expected": expected},
        )


def validate_gln(value: str) -> None:
    """GEN-11 for a Global Location Number."""
    _validate_gs1(value, 13)


def validate_gtin14(value: str) -> None:
    """GEN-11 for a GTIN padded to 14 digits (UDI-DI)."""
    _validate_gs1(value, 14)


def validate_time_zone(value: str) -> None:
    """An IANA time zone that this machine knows."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Unknown time zone “%(zone)s”."), params={"zone": value})
