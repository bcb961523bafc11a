"""The pages of alerts: set by those who may, bad numbers answered beside the field, each its own."""

import pytest

from reports.actions import alerting
from reports.models import Alert, AlertLimits
from tests import make
from tests.reports.alerts.conftest import MORNING, limits, overdue

PAGE, CITY = "/at/renhe/alerts/limits/", "/city/alerts/limits/"


def submit(client, to, **values):
    page = client.get(to)
    key = page.content.decode().partition('name="idempotency_key" value="')[2].partition('"')[0]
    return client.post(to, {"idempotency_key": key} | values)


@pytest.fixture
def secret(town):
    """An alert of the other hospital, with a figure that occurs nowhere else."""
    limits(town.xihu, overdue=77_531)
    Alert.unscoped.create(
        institution=town.xihu, sort="overdue", figure=86_423, limit=77_531, told=86_423,
        since="2026-03-11",
    )  # fmt: skip
    return ("86423", "77531")


@pytest.mark.parametrize("field", ["utilisation", "overdue", "lots"])
@pytest.mark.parametrize("value", ["0", "-3", "1000000000000", "many", "2.5", "9" * 5000, "\x00"])
def test_a_number_that_cannot_be_is_answered_beside_its_field(town, client, field, value):
    kept = limits(town.renhe, overdue=5)
    client.force_login(town.head)
    answer = submit(
        client, PAGE, **{"utilisation": "30", "overdue": "5", "lots": "9", field: value}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    kept.refresh_from_db()
    assert (kept.utilisation, kept.overdue, kept.lots) == (None, 5, None)


def test_the_error_is_said_in_chinese_too(town, client):
    client.force_login(town.head)
    answer = submit(client, PAGE, utilisation="0")
    assert "不能小于 1" in answer.content.decode()


def test_limits_of_ones_own_are_set_looked_at_at_once_and_given_up_again(town, client):
    limits(None, lots=4)
    overdue(town, 2)
    client.force_login(town.coordinator)
    assert client.get(PAGE).context["form"].initial["lots"] == 4
    assert submit(client, PAGE, utilisation="", overdue="2", lots="").status_code == 302
    page = client.get("/at/renhe/alerts/").content.decode()
    assert "/at/renhe/lending/?state=overdue" in page
    assert "our own" in page
    behind = client.get("/at/renhe/lending/?state=overdue")
    assert behind.context["table"].paginator.count == 2
    assert "Loans are overdue: 2" in client.get("/at/renhe/").content.decode()
    assert "Loans are overdue: 2" in client.get("/at/renhe/figures/").content.decode()
    assert submit(client, f"{PAGE}city/").status_code == 302
    assert not Alert.unscoped.exists()
    assert AlertLimits.unscoped.get().lots == 4


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("viewer", PAGE, 403), ("other", PAGE, 404), ("official", PAGE, 404), ("head", CITY, 404),
        ("viewer", f"{PAGE}city/", 403), ("other", "/at/renhe/alerts/", 404),
    ],
)  # fmt: skip
def test_who_has_no_right_sets_and_sees_nothing(town, client, who, page, status):
    kept = limits(town.renhe, overdue=5)
    client.force_login(getattr(town, who))
    assert client.get(page).status_code == status
    assert client.post(page, {"overdue": "1", "idempotency_key": "k" * 20}).status_code == status
    kept.refresh_from_db()
    assert (kept.overdue, AlertLimits.unscoped.count()) == (5, 1)


def test_an_official_who_only_reads_cannot_set_the_citys_limits(town, client):
    client.force_login(make.city_user("registry", role="registry_admin"))
    assert client.get("/city/alerts/").context["limits_url"] == ""
    assert client.get(CITY).status_code == 403


def test_the_city_sets_what_holds_for_those_that_set_none_and_sees_who_is_beyond(town, client):
    overdue(town, 1)
    client.force_login(town.official)
    assert submit(client, CITY, utilisation="", overdue="1", lots="").status_code == 302
    alerting.check_due(now=MORNING)
    page = client.get("/city/alerts/")
    assert [house["name"] for house in page.context["houses"]] == [town.renhe.name]
    text = page.content.decode()
    assert f"/city/figures/{town.renhe.pk}/" in text
    assert f"/city/bookings/?late=return&amp;owner={town.renhe.pk}" in text
    assert "Loans are overdue: 1" in client.get(f"/city/figures/{town.renhe.pk}/").content.decode()


def test_no_alert_of_another_institution_stands_on_any_page(town, client, secret):
    client.force_login(town.other)
    assert all(word in client.get("/at/xihu/alerts/").content.decode() for word in secret)
    client.force_login(town.head)
    for page in ("", "alerts/", "alerts/limits/", "figures/", "notifications/"):
        text = client.get(f"/at/renhe/{page}").content.decode()
        assert not [word for word in secret if word in text], page
