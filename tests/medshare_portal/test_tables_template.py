"""The table template: headers that say how rows are sorted, a caption, a short pager."""

import re

import django_tables2 as tables
from django.test import RequestFactory


class HoursTable(tables.Table):
    name = tables.Column(attrs={"td": {"scope": "row"}})
    hours = tables.Column()

    class Meta:
        attrs = {"caption": "Hours of each device"}
        empty_text = "No device yet."
        template_name = "django_tables2/medshare.html"


def _html(rows, page=1, order_by="-hours"):
    table = HoursTable(rows, order_by=order_by)
    table.paginate(page=page, per_page=10)
    return table.as_html(RequestFactory().get("/", {"page": page}))


ROWS = [{"name": f"Ventilator {n}", "hours": n} for n in range(300)]


def test_only_the_sorted_column_says_how_it_is_sorted():
    html = _html(ROWS)
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in html


def test_the_name_is_the_header_of_its_row():
    assert _html(ROWS).count('<th scope="row"') == 10


def test_the_caption_names_the_table():
    assert re.search(r"<caption[^>]*>\s*Hours of each device\s*</caption>", _html(ROWS))


def test_the_pager_has_at_most_seven_links():
    pager = _html(ROWS, page=15).split('<nav class="pager"')[1]
    assert pager.count("<a ") <= 7


def test_an_empty_table_says_so():
    assert "No device yet." in _html([])


def test_rows_that_become_cards_tell_the_column_in_each_cell():
    table = HoursTable(ROWS[:2], attrs={"class": "cards-on-phone"})
    html = table.as_html(RequestFactory().get("/"))
    assert html.count('data-label="Hours"') == 2


def test_a_cell_is_escaped():
    assert "&lt;b&gt;" in _html([{"name": "<b>", "hours": 1}])
