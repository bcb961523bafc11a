"""A drawn chart is not blank, says what it shows, and stands beside the same numbers."""

import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from reports.charts import Step
from reports.charts.map_names import Disc, place_names
from tests.reports.charts import examples

pytestmark = pytest.mark.once
MARKS = {"rect", "path", "circle"}


def html_of(chart):
    return render_to_string(chart.template, {"chart": chart})


def svg_of(chart):
    html = html_of(chart)
    drawn = html[html.index("<svg") : html.index("<details")].split("<ul")[0].split("<p ")[0]
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own


def number(text):
    return float(text.removesuffix("%"))


@pytest.mark.parametrize("make", examples.ALL)
def test_a_chart_is_a_picture_with_a_name_and_a_table(make):
    chart = make()
    svg = svg_of(chart)
    assert svg.get("role") == "img"
    assert svg.find("title").text == chart.title
    html = html_of(chart)
    assert html.count("<details") == 1
    assert html.count('<th scope="row">') == len(chart.table.rows) > 0
    assert all(len(row.cells) + 1 == len(chart.table.columns) for row in chart.table.rows)


@pytest.mark.parametrize("make", examples.ALL)
def test_every_mark_has_a_size_and_nothing_a_style(make):
    html = html_of(make())
    assert "style" not in html
    marks = [mark for mark in svg_of(make()).iter() if mark.tag in MARKS]
    assert len(marks) >= 3
    sized = [mark for mark in marks if mark.tag == "rect" and "track" not in mark.get("class")]
    assert all(number(m.get("height")) > 0 for m in sized)
    assert all(m.get("d") for m in marks if m.tag == "path")
    assert all(number(m.get("r")) > 0 for m in marks if m.tag == "circle")


@pytest.mark.parametrize("make", examples.ALL)
def test_the_language_does_not_change_where_things_lie(make):
    places = r' (?:x|y|d|width|height|cx|cy|r)="[^"]*"'
    english = re.findall(places, html_of(make()))
    with translation.override("zh-hans"):
        assert re.findall(places, html_of(make())) == english


def test_bars_are_as_long_as_what_they_stand_for_from_one_nought_on():
    chart = examples.of_bars()
    assert chart.zero == "32.60%"  # 740 of 2270
    assert [(row.x, row.width, row.css) for row in chart.rows] == [
        ("32.60%", "67.40%", "chart-bar"),
        ("32.60%", "18.94%", "chart-bar"),
        ("0.00%", "32.60%", "chart-receive"),
        ("32.60%", "0.00%", "chart-bar"),
    ]
    assert [row.tick for row in chart.rows] == ["", "54.63%", "", ""]


def test_names_are_escaped_and_lead_to_the_rows_behind():
    html = html_of(examples.of_bars())
    assert "<General>" not in html
    assert '<a href="/city/">Renhe &lt;General&gt;</a>' in html


def test_parts_of_a_stack_fill_its_bar_and_nothing_has_no_bar():
    equipment, staff, information = examples.of_stacks().rows
    assert [(part.x, part.width) for part in equipment.parts] == [
        ("0.00%", "85.60%"),
        ("85.60%", "14.40%"),
    ]
    assert [(part.css, part.width) for part in staff.parts] == [("chart-receive", "100.00%")]
    assert information.parts == ()


def test_a_cell_of_few_people_is_shown_neither_in_the_picture_nor_in_the_table():
    chart = examples.of_heat()
    said = chart.table.rows[0].cells
    assert (said[8], said[9], said[10]) == ("<5", "<5", "40")
    assert chart.suppressed == 2
    assert [cell.css for cell in chart.cells[8:10]] == ["heat-none", "heat-none"]
    seen = [hour * 4 % 101 for hour in range(24) if hour not in (8, 9)]
    assert said[-1] == f"{sum(seen) / len(seen):.0f}"  # else the mean would give them back
    assert chart.table.rows[1].cells[0] == "1"  # nobody is no small number


def test_the_darkest_tone_holds_all_of_the_time_and_more():
    chart = examples.heat_map(
        title="x", days=["Mon"], shares=[[0, 0.17, 0.99, 1, 1.4, -0.1] + [None] * 18],
        words=examples.share, head="Day", mean_name="Mean",
    )  # fmt: skip
    tones = [cell.css for cell in chart.cells[:7]]
    assert tones == ["heat-0", "heat-1", "heat-5", "heat-5", "heat-5", "heat-0", "heat-none"]


def test_a_line_breaks_where_nothing_is_known_and_names_its_end():
    ours, median = examples.of_lines().lines
    assert ours.path.count("M") == 2
    assert median.path.count("M") == 1
    assert (ours.words, ours.name) == ("64.8 %", "Renhe")
    assert abs(float(ours.name_y) - float(median.name_y)) >= 30
    assert examples.of_lines().table.rows[10].cells == ("–", "60.8 %", "60.0 % – 65.0 %")


def test_a_line_that_is_unknown_all_along_is_left_away():
    chart = examples.line_chart(
        title="x", labels=["Oct", "Nov"], lines=[examples.Line("x", [None, None])],
        words=str, head="Month",
    )  # fmt: skip
    assert chart.lines == ()
    assert [row.cells for row in chart.table.rows] == [("–",), ("–",)]


def test_labels_have_room_on_a_phone_and_say_the_year_where_it_is_another():
    months = [(2025, 12), *((2026, month) for month in range(1, 13))]
    steps = [Step(f"{month}月", f"{year}年{month}月", year) for year, month in months]
    chart = examples.line_chart(
        title="x", labels=[step.long for step in steps],
        lines=[examples.Line("x", [1.0] * 13)], words=str, head="Month", steps=steps,
    )  # fmt: skip
    assert [words for _x, _anchor, words in chart.labels] == [
        "2025年12月",
        "2026年4月",
        "8月",
        "12月",
    ]
    assert chart.table.rows[4].head == "2026年4月"


def test_bands_of_a_flow_leave_and_arrive_beside_each_other():
    chart = examples.of_flows()
    assert [(node.name, node.words) for node in chart.givers] == [
        ("Renhe", "400 h"),
        ("Jiangnan", "250 h"),
    ]
    assert [node.name for node in chart.takers] == ["Meilin", "Qingshan"]
    assert len(chart.bands) == 3
    assert all(node.tall >= 26 for node in (*chart.givers, *chart.takers))


def test_half_of_the_least_served_is_marked_on_the_curve():
    ((_x, _y, words),) = examples.of_lorenz().halves
    assert words == "27"  # 20 + 40 + half of 40, of 300
    assert examples.lorenz_curve(title="x", points=[], words=str, columns=("a", "b")).halves == ()


def test_on_the_map_the_area_is_what_is_shared_and_north_is_up():
    first, second, third, nobody = examples.of_places().places
    assert (first.css, second.css) == ("map-gives", "map-receives")
    ratio = (float(second.radius) / float(first.radius)) ** 2
    assert ratio == pytest.approx(770 / 1670, abs=0.01)
    assert float(third.y) > float(first.y) > float(second.y)
    assert nobody.radius == "3.5"
    assert third.anchor == "end"


def test_a_name_covers_no_circle_and_no_other_name():
    discs = [Disc(100, 100, 20), Disc(130, 100, 20), Disc(100, 140, 10), Disc(10, 10, 5)]
    right, left, below, corner = place_names(["West", "East", "South", "NW"], discs, 300, 200)
    assert right.anchor == "end"  # the eastern circle is in the way
    assert (left.anchor, below.anchor, corner.anchor) == ("start", "start", "start")
    crowd = [Disc(100, 100, 5)] * 9
    assert place_names(["x"] * 9, crowd, 300, 200).count(None) == 5


def test_the_key_says_how_large_a_round_number_is():
    large, small = examples.of_places().sizes
    assert (large.words, small.words) == ("1,000 h", "100 h")
    assert float(small.radius) < float(large.radius) < 24


def test_of_the_city_as_of_one_place_the_map_stays_on_its_paper():
    one = examples.Place("Renhe", 120, 30, 1, 1)
    for places in ([], [one], [one, one]):
        chart = examples.place_map(title="x", places=places, words=str, columns=("a", "b", "c"))
        assert all(0 < float(place.x) < chart.width for place in chart.places)
        assert all(0 < float(place.y) < chart.height for place in chart.places)
