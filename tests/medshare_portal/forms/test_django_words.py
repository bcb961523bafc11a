"""Errors of Django's own validators in our Chinese."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from medshare_portal.forms.django_words import BETTER


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.CharField(max_length=3), "abcd", "最多 3 个字符（现有 4 个）。"),
        (forms.CharField(min_length=3), "ab", "至少需要 3 个字符（现有 2 个）。"),
        (forms.IntegerField(max_value=9), "10", "不能大于 9。"),
        (forms.IntegerField(min_value=1), "0", "不能小于 1。"),
        (forms.DecimalField(decimal_places=2), "1.234", "小数不能超过 2 位。"),
        (forms.DateField(), "soon", "请输入有效的日期。"),
    ],
)
def test_our_words_are_read_in_place_of_djangos(field, value, words):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    with translation.override("zh-hans"):
        assert refused.value.messages == [words]


def test_in_english_they_stay_as_they_are():
    with pytest.raises(ValidationError) as refused:
        forms.CharField(max_length=1).clean("ab")
    with translation.override("en"):
        assert refused.value.messages == ["Ensure this value has at most 1 character (it has 2)."]
    assert len(BETTER) == 11
