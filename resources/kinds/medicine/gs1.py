"""What a bar code on a pack says: GTIN, lot, expiry, serial (GS1; read with ``biip``).

Understands element strings with FNC1 (also as scanners type it), the bracketed form that people
read, GS1 Digital Link, and a bare GTIN.  A day ``00`` is the last day of the month.
"""

from dataclasses import dataclass
from datetime import date

import biip
from biip.gs1_messages import GS1Message
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal

LONGEST = 500
GTIN, LOT, MADE, EXPIRY, SERIAL = "01", "10", "11", "17", "21"
# How keyboards and people write the separator that no key has.
SEPARATORS = ("<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}", "␝", "\\x1d", "\\u001d", "^]")


class NotGs1(Refusal):
    """The scan is not a GS1 code, or is a damaged one; the message says which."""

    message = _("This is not a GS1 code. Scan the code on the pack again, or type the fields.")
    status = 422
    field = "scan"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """The fields of a pack; empty or None where the code does not say."""

    gtin: str = ""
    lot_no: str = ""
    expiry_date: date | None = None
    mfg_date: date | None = None
    serial: str = ""


def read(text: str) -> Scan:
    """Raises NotGs1."""
    text = _plain(text)
    if not text or len(text) > LONGEST:
        raise NotGs1
    if text.isdigit() and len(text) in (8, 12, 13, 14):
        return Scan(gtin=_checked(biip.parse(text)))
    found = {element.ai.ai: element for element in _elements(text)}
    if GTIN not in found:
        raise NotGs1(_("The code names no medicine: it has no GTIN."))
    if found[GTIN].gtin_error:
        raise NotGs1(_("The check digit of the GTIN is wrong. Scan the code again."))
    return Scan(
        gtin=found[GTIN].value.zfill(14),
        lot_no=_value(found, LOT),
        expiry_date=_date(found, EXPIRY),
        mfg_date=_date(found, MADE),
        serial=_value(found, SERIAL),
    )


def _plain(text: str) -> str:
    text = text.strip(" \t\r\n")
    for written in SEPARATORS:
        text = text.replace(written, "\x1d")
    return text


def _elements(text: str):
    try:
        if text.startswith("("):
            return GS1Message.parse_hri(text).element_strings
        result = biip.parse(text)
    except (biip.BiipException, ValueError) as error:
        raise NotGs1 from error
    found = result.gs1_message or result.gs1_digital_link_uri
    if found is None:
        raise NotGs1
    return found.element_strings


def _checked(result) -> str:
    if result.gtin is None:
        raise NotGs1(_("The check digit of the GTIN is wrong. Scan the code again."))
    return result.gtin.as_gtin_14()


def _value(found: dict, ai: str) -> str:
    return found[ai].value if ai in found else ""


def _date(found: dict, ai: str) -> date | None:
    if ai not in found:
        return None
    if found[ai].date is None:
        raise NotGs1(_("A date in the code is not a date. Read it from the pack."))
    return found[ai].date
