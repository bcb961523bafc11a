"""INF-08: every rule answers, with its reason and its source; never a bare no."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from resources.kinds.information.recognition import Receiver, Result, Verdict, check, shorter

TODAY = date(2026, 11, 29)
GOOD = Result(
    item="CT of the chest",
    on_city_list=True,
    performed_on=TODAY - timedelta(days=10),
    valid_days=30,
    qc_passed=True,
    qc_valid_to=TODAY,
    level=3.3,
    marked_for_us=True,
)
US = Receiver(level=3.3, same_consortium=False, today=TODAY)


def verdicts(result=GOOD, receiver=US) -> list[str]:
    return [point.verdict.value for point in check(result, receiver).points]


def test_a_good_result_is_recognised_with_five_reasons():
    recognition = check(GOOD, US)
    assert recognition.verdict == Verdict.YES
    assert [str(point.name) for point in recognition.points] == [
        "Item",
        "Age of the result",
        "External quality control",
        "Mark of recognition",
        "Level of the issuer",
    ]
    assert all(point.text and str(point.source) for point in recognition.points)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"item": ""}, 0),
        ({"on_city_list": False}, 0),
        ({"performed_on": None}, 1),
        ({"valid_days": None}, 1),
        ({"valid_days": 9}, 1),
        ({"performed_on": TODAY + timedelta(days=1)}, 1),
        ({"qc_passed": False}, 2),
        ({"qc_valid_to": TODAY - timedelta(days=1)}, 2),
        ({"qc_valid_to": None}, 2),
        ({"marked_for_us": False}, 3),
        ({"level": None}, 4),
    ],
)
def test_what_is_missing_says_no_at_its_own_rule_only(change, place):
    expected = ["yes"] * 5
    expected[place] = "no"
    assert verdicts(replace(GOOD, **change)) == expected


def test_a_result_is_valid_on_its_last_day_and_not_on_the_next():
    on_the_day = replace(GOOD, valid_days=10)
    assert verdicts(on_the_day)[1] == "yes"
    assert verdicts(on_the_day, replace(US, today=TODAY + timedelta(days=1)))[1] == "no"


@pytest.mark.parametrize(
    ("issuer", "receiver", "same", "expected"),
    [
        (2.2, 2.2, False, "yes"),  # 2B and 2B, among themselves
        (2.2, 1.0, False, "yes"),
        (2.3, 3.3, False, "yes"),  # 2A and above, among themselves
        (3.3, 2.2, False, "yes"),  # the lower recognise the higher
        (2.2, 2.3, False, "no"),
        (2.2, 3.0, False, "perhaps"),  # level 3, if its quality suffices
        (1.0, 2.3, True, "yes"),  # inside a consortium
    ],
)
def test_levels_follow_the_pattern_of_jiangsu(issuer, receiver, same, expected):
    us = replace(US, level=receiver, same_consortium=same)
    assert verdicts(replace(GOOD, level=issuer), us)[4] == expected


def test_the_whole_is_as_good_as_its_worst_rule():
    low = replace(GOOD, level=2.2)
    assert check(low, US).verdict == Verdict.PERHAPS
    recognition = check(replace(low, qc_passed=False), US)
    assert recognition.verdict == Verdict.NO
    assert [str(point.name) for point in recognition.against()] == ["External quality control"]


def test_the_shorter_validity_counts():
    assert [shorter(30, None), shorter(30, 7), shorter(None)] == [30, 7, None]
