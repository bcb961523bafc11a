"""Currencies that money may be in (ISO 4217, codes in use; funds, metals and tests left out)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

IN_USE = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(IN_USE.split())
# Digits after the point where they are not two (ISO 4217, column "minor unit").
NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS = dict.fromkeys(NO_DIGITS.split(), 0) | dict.fromkeys(THREE_DIGITS.split(), 3)


def exponent(code: str) -> int:
    """How many digits after the point the smallest unit of a currency has: 2 of CNY, 0 of JPY."""
    return EXPONENTS.get(code, 2)


def currency_of(text: str) -> str:
    """The code in capitals (GEN-10).  Raises ValidationError."""
    code = text.strip().upper()
    if code not in CODES:
        raise ValidationError(
            _("“%(code)s” is no currency: three letters, such as CNY."),
            code="currency",
            params={"code": code},
        )
    return code
