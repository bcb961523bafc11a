"""The marks of the ui tag library."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.utils import translation

from medshare_portal.templatetags import ui


def test_an_icon_without_a_label_is_hidden_from_readers():
    html = ui.icon("bell")
    assert 'aria-hidden="true"' in html
    assert "icons.svg#bell" in html


def test_an_icon_with_a_label_is_spoken():
    assert 'role="img" aria-label="Late"' in ui.icon("warn", "", "Late")


def test_a_badge_escapes_its_words():
    assert "&lt;b&gt;" in ui.badge("ok", "<b>")


def test_a_badge_has_shape_and_word_beside_its_colour():
    html = ui.badge("bad", "Clash")
    assert "badge-bad" in html
    assert "#block" in html
    assert "Clash" in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Renhe General", "RG"), ("仁和综合医院", "仁"), ("", ""), ("Parkside", "P")],
)
def test_initials_are_two_latin_letters_or_one_chinese_character(name, letters):
    assert ui.initials(name) == letters


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_language_of_the_page_is_a_bcp_47_tag(code, tag):
    with translation.override(code):
        assert ui.html_lang() == tag


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1, 2, None, 40]),
        (2, [1, 2, 3, None, 40]),
        (20, [1, None, 19, 20, 21, None, 40]),
        (40, [1, None, 39, 40]),
    ],
)
def test_a_pager_shows_the_ends_and_the_neighbours(number, shown):
    assert ui.pages_around(Paginator(range(400), 10).page(number)) == shown


def test_a_pager_says_which_rows_it_shows():
    with translation.override("en"):
        assert ui.page_span(Paginator(range(95), 10).page(10)) == "91 – 95 of 95"


class Search(forms.Form):
    words = forms.CharField(required=False)
    most = forms.FloatField(required=False)
    scope = forms.CharField(required=False, widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        ({}, 0),
        ({"words": "", "scope": "ours"}, 0),
        ({"words": "x"}, 1),
        ({"words": "x", "most": "0"}, 2),
    ],
)
def test_only_what_a_person_sees_and_filled_counts_as_chosen(chosen, number):
    assert ui.chosen_count(Search(chosen)) == number
