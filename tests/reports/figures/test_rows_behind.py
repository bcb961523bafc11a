"""What stands behind a number: rows that add up to it."""

from datetime import timedelta

import pytest

from medshare_portal.roles import Role
from reports.actions import usage
from tests import make
from tests.reports.figures.numbers import DAY, HOUR, counted, numbers
from tests.reports.figures.test_staff_hours import START

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAYS = f"period=own&first={DAY - timedelta(days=6)}&last={DAY}"


@pytest.fixture
def town():
    houses = [make.institution(name.lower(), name_en=name) for name in ("Renhe", "Xihu", "Meilin")]
    counted(*houses)
    for place, house in enumerate(houses[:2]):
        numbers(
            house, category_code="pump", offered=100 * HOUR, booked=(10 + place) * HOUR,
            used=8 * HOUR, own_used=2 * HOUR, repair=7 * HOUR * place, failures=place,
        )  # fmt: skip
        numbers(house, category_code="scanner", offered=50 * HOUR)
        numbers(house, kind="staff", offered=99 * HOUR)
    make.equipment(houses[0], name_en="Pump", rated_hours_day=6)
    return houses


def cells(page):
    return {row["name"]: row for row in page.context["rows"]}


def test_hours_of_devices_add_up_to_the_figures_that_lead_to_them(town, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    found = client.get(f"/city/figures/all/?{DAYS}&kind=equipment").context["families"]
    figures = {row["code"]: row for _family, rows in found for row in rows}
    page = client.get(figures["scheduled"]["url"])
    rows = cells(page)
    whole = rows["All together"]
    assert (whole["booked"], whole["offered"]) == ("21", "300")
    assert [figures["scheduled"][part] for part in ("numerator", "denominator")] == ["21", "300"]
    assert (whole["failures"], whole["repair"]) == ("1", "7")
    assert (rows["Xihu"]["failures"], rows["Renhe"]["failures"]) == ("1", "0")
    assert whole["expected"] == figures["gross"]["denominator"] == "42"
    classes = cells(client.get(rows["Xihu"]["url"]))
    assert {classes[name]["booked"] for name in ("pump", "scanner")} == {"11", "0"}
    for code in ("gross", "mttr", "mtbf", "availability", "idle_hours", "sharing_rate", "net"):
        assert "/city/figures/equipment/hours/" in figures[code]["url"]


def test_an_institution_reads_the_hours_of_its_own_devices_alone(town, client):
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    rows = cells(client.get(f"/at/renhe/figures/equipment/hours/?{DAYS}"))
    assert (rows["All together"]["booked"], rows["pump"]["booked"]) == ("10", "10")
    assert client.get(f"/at/xihu/figures/equipment/hours/?{DAYS}").status_code == 404
    wrong = client.get(f"/at/renhe/figures/equipment/hours/?{DAYS}&period=x")
    assert wrong.status_code == 400


@pytest.fixture
def ended(town):
    """Renhe lent to Xihu: once late back and late answered, once in time; and had one itself."""
    day = timedelta(days=1)
    for number, (owner, borrower, late) in enumerate(((0, 1, 5), (0, 1, 0), (1, 0, 0))):
        start = START - number * day
        ends = start + timedelta(hours=4)
        make.sharing_request(
            make.equipment(town[owner], name_en=f"Device {number}"), town[borrower],
            state="closed", now=start - day, priority="stat" if late else "routine", starts_at=start, ends_at=ends,
            decided_at=start - timedelta(hours=2),
            actual_starts_at=start, actual_ends_at=ends + timedelta(hours=late),
        )  # fmt: skip
    usage.record_missing(now=START + day)


def shown(client, address):
    page = client.get(address)
    assert page.status_code == 200
    return sorted(row.record.what for row in page.context["table"].rows)


def test_the_exceptions_behind_a_figure_are_found_row_by_row(ended, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    every = "/city/figures/requests/?first=2026-03-01&last=2026-03-11"
    assert shown(client, every) == ["Device 0", "Device 1", "Device 2"]
    for asked in ("returned=late", "answer=late"):
        assert shown(client, f"{every}&{asked}") == ["Device 0"]
    for asked in ("returned=in_time", "answer=in_time"):
        assert shown(client, f"{every}&{asked}") == ["Device 1", "Device 2"]
    assert "returned late" in client.get(f"{every}&returned=late").content.decode()
    assert shown(client, f"{every}&answer=none") == shown(client, f"{every}&rescued=yes") == []
    assert client.get(f"{every}&returned=moon").status_code == 400


def test_an_institution_tells_what_it_was_asked_from_what_it_asked(town, ended, client):
    client.force_login(make.user(at=town[0], role=Role.VIEWER))
    every = "/at/renhe/figures/requests/?first=2026-03-01&last=2026-03-11"
    assert shown(client, f"{every}&side=owner") == ["Device 0", "Device 1"]
    assert shown(client, f"{every}&side=borrower") == ["Device 2"]
    groups = client.get(f"/at/renhe/figures/?{DAYS}").context["groups"]
    urls = {row["code"]: row["url"] for _name, rows in groups for row in rows if row["url"]}
    assert all(
        "side=borrower" in urls.get(code, "side=borrower") for code in ("fulfilment", "no_show")
    )


def test_every_page_of_figures_leads_to_the_others_and_all_figures_can_be_kept(town, client):
    client.force_login(make.user(role=Role.CITY_OFFICIAL))
    for address in ("figures/all/", "alerts/", "saved/", "figures/equipment/hours/"):
        page = client.get(f"/city/{address}?{DAYS}&compare=year&district=Centre")
        tabs = {str(tab["label"]): tab["url"] for tab in page.context["figure_tabs"]}
        assert "compare=year" in tabs["Overview"]
        assert "district=Centre" in tabs["Overview"]
        assert ("Keep this report" in tabs) == address.startswith("figures")
        assert tabs["Staff"] in page.content.decode().replace("&amp;", "&")
