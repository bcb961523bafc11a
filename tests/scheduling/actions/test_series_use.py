"""Series that nobody uses: asked about once, confirmed with one click, or released in time."""

from datetime import timedelta

import pytest

from medshare_portal.models import Notification
from medshare_portal.notices import registry, render
from scheduling.actions import series_use
from scheduling.actions._lock import NotYours
from scheduling.models import Series, SharingRequest
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MISSED = ("no_show", "no_show", "approved", "requested")


@pytest.fixture
def series_of(city, now):
    """``series_of("no_show", …)``: one date a week, the first nine days ago."""

    def made(*states, **fields):
        values = {"starts_at": now - 9 * DAY, "now": now - 14 * DAY, "by": city.asker}
        return make.series(city.resource, city.borrower, states=states, **values | fields)

    return made


def states(sent):
    rows = SharingRequest.unscoped.filter(series=sent).order_by("starts_at")
    return list(rows.values_list("state", flat=True))


def told(event="series-still-needed"):
    return Notification.unscoped.filter(event=event)


def test_two_dates_running_that_nobody_collected_are_asked_about_once(city, now, series_of):
    sent = series_of(*MISSED)
    assert series_use.ask_unused(now=now) == 1
    assert series_use.ask_unused(now=now + DAY) == 0
    sent.refresh_from_db()
    assert sent.confirm_due_at == now + timedelta(hours=72)
    assert list(told().values_list("user", flat=True)) == [city.asker.pk]
    said = render(told().get())
    assert sent.reference in said["subject"]
    assert said["url"] == f"/at/borrower/series/{sent.pk}/"
    assert states(sent) == list(MISSED)


def test_the_question_waits_on_the_home_page_of_who_may_answer(city, now, series_of, client):
    sent = series_of(*MISSED)
    series_use.ask_unused(now=now)
    for person, waits in ((city.asker, True), (make.user(at=city.borrower, role="viewer"), False)):
        client.force_login(person)
        page = client.get(f"/at/{city.borrower.slug}/").content.decode()
        assert (f"/series/{sent.pk}/" in page) == waits
    client.force_login(city.asker)
    date = sent.dates.latest("starts_at")
    page = client.get(f"/at/{city.borrower.slug}/requests/{date.pk}/").content.decode()
    assert "The last dates were not collected" in page


@pytest.mark.parametrize(
    "before",
    [
        ("no_show", "closed", "approved"),
        ("closed", "no_show", "approved"),
        ("no_show", "approved", "approved"),
        ("no_show", "no_show", "cancelled"),  # nothing is left to release
        ("no_show", "no_show"),
    ],
)
def test_what_is_used_or_over_is_not_asked_about(now, series_of, before):
    series_of(*before)
    assert series_use.ask_unused(now=now) == 0
    assert not told().exists()


def test_still_needed_keeps_the_dates_and_counts_anew(city, now, series_of):
    sent = series_of(*MISSED)
    series_use.ask_unused(now=now)
    notification = told().get()
    assert registry[notification.event].still_relevant(notification)
    series_use.confirm(series=sent, by=city.asker, now=now + DAY)
    assert series_use.release_unconfirmed(now=now + 4 * DAY) == 0
    assert series_use.ask_unused(now=now + 2 * DAY) == 0
    assert states(sent) == list(MISSED)
    assert not registry[notification.event].still_relevant(notification)
    with pytest.raises(series_use.NotAsked):
        series_use.confirm(series=sent, by=city.asker, now=now + DAY)


def test_what_is_not_confirmed_in_time_is_released(city, now, series_of):
    sent = series_of(*MISSED)
    series_use.ask_unused(now=now - DAY)
    assert series_use.release_unconfirmed(now=now) == 0
    late = now + 3 * DAY
    assert series_use.release_unconfirmed(now=late) == 1
    assert states(sent) == ["no_show", "no_show", "cancelled", "lapsed"]
    gone = SharingRequest.unscoped.filter(series=sent, state__in=["cancelled", "lapsed"])
    assert set(gone.values_list("decision_code", "ended_at")) == {("unused", late)}
    assert series_use.release_unconfirmed(now=late) == 0
    sent.refresh_from_db()
    assert (sent.released_at, sent.confirm_due_at) == (late, None)
    with pytest.raises(series_use.NotAsked):
        series_use.confirm(series=sent, by=city.asker, now=late)


def test_an_answer_after_the_time_is_too_late_even_before_the_job(city, now, series_of):
    sent = series_of(*MISSED)
    series_use.ask_unused(now=now - 4 * DAY)
    with pytest.raises(series_use.NotAsked):
        series_use.confirm(series=sent, by=city.asker, now=now)


def test_what_has_begun_meanwhile_is_not_released(now, series_of):
    """The third date begins in a day, before the question runs out."""
    sent = series_of(*MISSED, starts_at=now - 13 * DAY)
    series_use.ask_unused(now=now)
    series_use.release_unconfirmed(now=now + 3 * DAY)
    assert states(sent) == ["no_show", "no_show", "approved", "lapsed"]


def test_only_the_borrower_confirms(city, now, series_of):
    sent = series_of(*MISSED)
    series_use.ask_unused(now=now)
    for stranger in (city.approver, city.lender, make.user(at=make.institution())):
        with pytest.raises(NotYours):
            series_use.confirm(series=sent, by=stranger, now=now)
    assert Series.unscoped.get().confirm_due_at is not None
