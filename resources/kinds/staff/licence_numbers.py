"""Licence numbers are checked, recognised and compared, never kept.  A leaf.

What is stored is the number with all but its last four characters masked, and a keyed digest by
which the same number is found again: who steals the table cannot try numbers without the key.
"""

import re
import unicodedata

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from resources.enums_staff import LicenceKind

SALT = "medshare.staff.licence"
SHOWN = 4
# Lengths of the registration numbers in use: physicians 15 (qualification 27), nurses 12.
FORMS = {
    LicenceKind.PHYSICIAN: (r"[0-9A-Z]{15}|[0-9A-Z]{27}", _("15 or 27 digits or letters.")),
    LicenceKind.NURSE: (r"\d{12}", _("12 digits.")),
    LicenceKind.PHARMACIST: (r"[0-9A-Z]{6,24}", _("6 to 24 digits or letters.")),
    LicenceKind.TECHNICIAN: (r"[0-9A-Z]{6,24}", _("6 to 24 digits or letters.")),
}


class BadNumber(ValueError):
    """The number has not the form of its kind; ``message`` is for the person (lazy)."""

    def __init__(self, message):
        super().__init__("licence number")
        self.message = message


def normal(number: str) -> str:
    """Half-width, upper case, without spaces and dashes."""
    return re.sub(r"[\s\-–_.]", "", unicodedata.normalize("NFKC", number)).upper()


def checked(number: str, kind: str) -> str:
    """The normal form of a number; raises BadNumber."""
    plain = normal(number)
    pattern, words = FORMS[LicenceKind(kind)]
    if not re.fullmatch(pattern, plain, re.ASCII):
        raise BadNumber(words)
    return plain


def masked(number: str) -> str:
    plain = normal(number)
    return "•" * (len(plain) - SHOWN) + plain[-SHOWN:]


def digest(number: str) -> str:
    """Keyed SHA-256 of the normal form."""
    secret = settings.LICENCE_KEY
    return salted_hmac(SALT, normal(number), secret=secret, algorithm="sha256").hexdigest()
