"""Every sort of chart in a real browser: nothing blank, nothing inaccessible, nothing too wide."""

import pytest
from django.template.loader import render_to_string

from tests.reports.charts import examples

pytestmark = pytest.mark.browser
DRAWN = """() => [...document.querySelectorAll('svg.chart')].map(svg => [
    svg.getBoundingClientRect().width > 100,
    [...svg.querySelectorAll('rect:not(.chart-track), circle, path')].some(
        mark => mark.getBoundingClientRect().width > 2 && getComputedStyle(mark).fill !== '')])"""
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth + 1"


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_charts_are_drawn_and_accessible(open_page, axe, theme, width):
    page = open_page()
    page.goto("/account/sign-in/")
    page.set_viewport_size({"width": width, "height": 900})
    charts = "<h1>Charts</h1>" + "".join(
        f"<section class='card'><div class='card-body'>{_html(make())}</div></section>"
        for make in examples.ALL
    )
    page.evaluate(
        """([html, theme]) => {
            document.documentElement.dataset.bsTheme = theme;
            document.querySelector('main').innerHTML = html;
        }""",
        [charts, theme],
    )
    assert page.evaluate(DRAWN) == [[True, True]] * len(examples.ALL)
    assert not page.evaluate(TOO_WIDE)
    axe(page)


def _html(chart):
    return render_to_string(chart.template, {"chart": chart})
