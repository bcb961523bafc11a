"""Every sort of chart in a real browser, on screen and on paper: nothing blank, nothing
inaccessible, nothing too wide."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.reports.charts import examples

pytestmark = pytest.mark.browser
# Of each chart: as wide as is of use, and so many marks in a colour that differs from what they
# lie on; the tracks that bars run in are no marks.
DRAWN = """() => [...document.querySelectorAll('svg.chart')].map(svg => {
    const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const seen = (colour, paper) => {
        paint.fillStyle = paper; paint.fillRect(0, 0, 1, 1);
        const before = [...paint.getImageData(0, 0, 1, 1).data];
        paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data].some((v, i) => Math.abs(v - before[i]) > 8);
    };
    const paper = getComputedStyle(svg.closest('.card')).backgroundColor;
    const drawn = [...svg.querySelectorAll('rect:not(.chart-track), circle, path')].filter(mark => {
        const box = mark.getBoundingClientRect(), style = getComputedStyle(mark);
        const filled = style.fill !== 'none' && box.width * box.height > 4;
        const stroked = style.stroke !== 'none' && Math.max(box.width, box.height) > 2;
        return (filled && seen(style.fill, paper)) || (stroked && seen(style.stroke, paper));
    });
    return [svg.getBoundingClientRect().width > 100, drawn.length];
})"""
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth + 1"
# Lines with their band, bars, stacked bars, hours of a week, bands of a flow, curve, map.
FEWEST = [4, 3, 3, 7 * 20, 3 + 4, 2, 4]


@pytest.mark.parametrize(
    ("theme", "width", "language"), [("light", 1280, "en"), ("dark", 390, "zh-hans")]
)
def test_charts_are_drawn_and_accessible(open_page, axe, theme, width, language):
    page = open_page()
    page.goto("/account/sign-in/")
    page.set_viewport_size({"width": width, "height": 900})
    charts = "<h1>Charts</h1>" + "".join(
        f"<section class='card'><div class='card-body'>{_html(make, language)}</div></section>"
        for make in examples.ALL
    )
    page.evaluate(
        """([html, theme]) => {
            document.documentElement.dataset.bsTheme = theme;
            document.querySelector('main').innerHTML = html;
        }""",
        [charts, theme],
    )
    _nothing_is_blank(page)
    assert not page.evaluate(TOO_WIDE)
    axe(page)
    page.emulate_media(media="print")
    _nothing_is_blank(page)


def _nothing_is_blank(page):
    found = page.evaluate(DRAWN)
    assert len(found) == len(examples.ALL) == len(FEWEST)
    for make, fewest, (wide, marks) in zip(examples.ALL, FEWEST, found, strict=True):
        assert wide, make.__name__
        assert marks >= fewest, (make.__name__, marks)


def _html(make, language):
    with translation.override(language):
        chart = make()
        return render_to_string(chart.template, {"chart": chart})
