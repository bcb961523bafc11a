"""One chart of each sort, of made-up numbers."""

from reports.charts import (
    Bar,
    Flow,
    Line,
    Part,
    Place,
    Stack,
    bars,
    flow_chart,
    heat_map,
    line_chart,
    lorenz_curve,
    place_map,
    stacked_bars,
)
from reports.kpis.equity import lorenz

MONTHS = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
OURS = [55.2, 56, 54.8, 57, 58.4, 59, 60.1, 61.6, 61, 62.3, None, 64.8]
MEDIAN = [57.4, 57.8, 57, 58, 58.5, 59, 59.2, 60, 59.9, 60.3, 60.8, 61.2]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def whole(value):
    return f"{value:,.0f} h"


def share(value):
    return f"{value * 100:.0f}"


def of_lines():
    band = [()] * 9 + [(60, 63), (60, 65), (61, 68)]
    lines = [Line("Renhe", OURS, ours=True), Line("Median", MEDIAN)]
    return line_chart(
        title="Utilisation rises", labels=MONTHS, lines=lines, band=band, words="{:.1f} %".format,
        head="Month",
    )  # fmt: skip


def of_bars():
    rows = [
        Bar("Renhe <General>", 1530, url="/city/"),
        Bar("Jiangnan", 430, tick=500),
        Bar("Qingshan", -740),
        Bar("Meilin", None),
    ]
    return bars(
        title="Two give most", rows=rows, words=whole, columns=("Institution", "Net"),
        tick_name="Median",
    )  # fmt: skip


def of_stacks():
    rows = [
        Stack("Equipment", (Part(21_460, "21,460 h"), Part(3_610, "3,610 h"))),
        Stack("Staff", (Part(0, "0 h"), Part(208, "208 h"))),
        Stack("Information", (Part(0, "0"), Part(0, "0"))),
    ]
    return stacked_bars(
        title="More given than received", rows=rows, head="Kind",
        names=[("chart-give", "given"), ("chart-receive", "received")],
    )  # fmt: skip


def of_heat():
    shares = [[(hour * 4 + day) % 101 / 100 for hour in range(24)] for day in range(7)]
    shares[6][3] = None
    people = [[30] * 24 for _day in range(7)]
    people[0][8], people[0][9], people[1][0] = 4, 9, 0
    return heat_map(
        title="Idle in the evening", days=DAYS, shares=shares, people=people, words=share,
        head="Day", mean_name="Mean",
    )  # fmt: skip


def of_flows():
    flows = [
        Flow("Renhe", "Qingshan", 300),
        Flow("Renhe", "Meilin", 100),
        Flow("Jiangnan", "Meilin", 250),
        Flow("Meilin", "Renhe", 0),
    ]
    return flow_chart(
        title="Renhe gives most", flows=flows, words=whole, columns=("Owner", "Borrower", "Hours")
    )


def of_lorenz():
    points = lorenz([120, 80, 40, 40, 20], [1, 1, 1, 1, 1])
    return lorenz_curve(title="Fairly equal", points=points, words=share, columns=("Of", "Got"))


def of_places():
    rows = [
        Place("Renhe General", 120.15, 30.25, 1600, 70, "/city/"),
        Place("仁和综合医院", 120.20, 30.31, 30, 740),
        Place("Meilin County", 120.48, 30.05, 0, 620),
        Place("Nobody yet", 120.05, 30.40, 0, 0),
    ]
    return place_map(
        title="The east receives", places=rows, words=whole, columns=("Where", "Given", "Received")
    )


ALL = [of_lines, of_bars, of_stacks, of_heat, of_flows, of_lorenz, of_places]
