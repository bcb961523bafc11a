"""GEN-11: check digits of the identifiers that institutions, sites and devices carry."""

import pytest
from django.core.exceptions import ValidationError

from medshare_portal.currencies import CODES, currency_of
from medshare_portal.validators import (
    validate_gln,
    validate_gtin14,
    validate_time_zone,
    validate_uscc,
)

# Published examples: GB 32100-2015 of the State Administration, GS1 General Specifications.
RIGHT = [
    (validate_uscc, "91350100M000100Y43"),
    (validate_gln, "4012345000009"),
    (validate_gtin14, "09506000134352"),
    (validate_time_zone, "Asia/Shanghai"),
]


@pytest.mark.parametrize(("validate", "value"), RIGHT)
def test_a_right_identifier_passes(validate, value):
    validate(value)


@pytest.mark.parametrize(
    ("validate", "value", "expected"),
    [
        (validate_uscc, "91350100M000100Y44", "3"),
        (validate_gln, "4012345000001", "9"),
        (validate_gtin14, "09506000134351", "2"),
    ],
)
def test_a_wrong_check_digit_is_refused_with_the_right_one(validate, value, expected):
    with pytest.raises(ValidationError) as refused:
        validate(value)
    assert refused.value.code == "check-digit"
    assert refused.value.params == {"expected": expected}


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (validate_uscc, "91350100M000100Y4"),
        (validate_uscc, "91350100M000100I43"),
        (validate_uscc, "９1350100M000100Y43"),
        (validate_gln, "401234500000"),
        (validate_gln, "401234500000x"),
        (validate_gtin14, "٠9506000134352"),
        (validate_time_zone, "Asia/Nowhere"),
        (validate_time_zone, "../../etc/passwd"),
    ],
)
def test_what_is_no_such_identifier_is_refused(validate, value):
    with pytest.raises(ValidationError):
        validate(value)


def test_money_is_in_a_currency_that_exists():
    """GEN-10"""
    assert (currency_of(" cny "), currency_of("EUR")) == ("CNY", "EUR")
    assert {len(code) for code in CODES} == {3}
    for wrong in ("ZZZ", "CN", "", "XXX", "¥¥¥", "ＣＮＹ"):
        with pytest.raises(ValidationError):
            currency_of(wrong)
