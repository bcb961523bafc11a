"""Every way in which a pack's code reaches a field."""

from datetime import date

import pytest

from resources.kinds.medicine.gs1 import NotGs1, Scan, read

WHOLE = Scan(gtin="06901234567892", lot_no="AB12", expiry_date=date(2027, 2, 28), serial="S1")


@pytest.mark.parametrize(
    "text",
    [
        "]d2010690123456789217270200\x1d10AB12\x1d21S1",
        "\x1d0106901234567892172702001" + "0AB12\x1d21S1",
        "010690123456789217270200" + "10AB12<GS>21S1",
        "010690123456789217270228" + "10AB12{FNC1}21S1",
        "(01)06901234567892(17)270200(10)AB12(21)S1",
        " (01)06901234567892(10)AB12(17)270228(21)S1\r\n",
        "https://id.gs1.org/01/06901234567892/10/AB12/21/S1?17=270200",
        "https://example.org/some/way/01/06901234567892/10/AB12/21/S1?17=270228",
    ],
)
def test_every_form_says_the_same(text):
    assert read(text) == WHOLE


def test_a_day_of_00_is_the_end_of_the_month_in_leap_years_too():
    assert read("0106901234567892" + "17280200").expiry_date == date(2028, 2, 29)
    assert read("0106901234567892" + "17270400").expiry_date == date(2027, 4, 30)


def test_a_bare_gtin_is_padded():
    assert read("6901234567892") == Scan(gtin="06901234567892")


def test_the_day_of_manufacture_is_read():
    assert read("0106901234567892" + "11250131" + "10X").mfg_date == date(2025, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "人血白蛋白", "6901234567891", "0106901234567891" + "10A",
        "0106901234567892" + "17271300", "0106901234567892" + "17270231", "10AB12", "(01)069", "(01)",
        "https://example.org/nothing", "http://[", "\x00", "01" * 400, "]d2", "(((((", "99" + "x" * 90,
    ],
)  # fmt: skip
def test_what_is_no_code_or_a_damaged_one_is_refused_in_words(text):
    with pytest.raises(NotGs1) as refusal:
        read(text)
    assert str(refusal.value.message)
