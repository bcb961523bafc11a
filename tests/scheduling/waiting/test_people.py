"""The line for people: for one who is booked, for anybody of a profession."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medshare_portal.forms.moments import written
from scheduling.actions import promises, waitlist
from scheduling.models import Need, Series, SharingRequest, SignOff, StaffEngagement, WaitlistEntry
from scheduling.states import State
from scheduling.waiting import WaitState
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
KEY = {"idempotency_key": "a-key-of-a-form"}


@pytest.fixture
def ward(now):
    """A nurse who is booked elsewhere the day after tomorrow, and a host that wants her then."""
    home, host, other = (make.institution(name) for name in ("home", "host", "other"))
    nurse = make.compliant(home, host)
    booked = make.sharing_request(
        nurse, other, state=State.APPROVED, starts_at=now + 48 * HOUR, ends_at=now + 56 * HOUR,
        now=now,
    )  # fmt: skip
    by = make.user(at=host, role="staffing_manager")
    return SimpleNamespace(home=home, host=host, nurse=nurse, booked=booked, by=by)


def at(name, institution, *args):
    return reverse(f"scheduling:{name}", args=[institution.slug, *args])


def text(response):
    return closed(response).content.decode()


def join(ward, now, **fields):
    values = {"resource": ward.nurse} | fields
    return waitlist.join(
        borrower=ward.host, by=ward.by, now=now, starts_at=now + 48 * HOUR,
        ends_at=now + 56 * HOUR, length=8 * HOUR, site=ward.host.sites.get(), **values,
    )  # fmt: skip


def free(ward):
    """The booking was called off, and it is time to look for the entry again."""
    SharingRequest.unscoped.filter(pk=ward.booked.pk).update(
        state=State.CANCELLED, decision_code="no_longer_needed", ended_at=ward.booked.created_at
    )
    WaitlistEntry.unscoped.update(next_look_at=ward.booked.created_at)


@pytest.mark.parametrize("any_of", [False, True])
def test_a_place_with_a_person_is_held_and_taken_by_the_invitation(client, ward, now, any_of):
    aim = {"resource": None, "category": ward.nurse.category} if any_of else {}
    entry = join(ward, now, **aim)
    assert promises.offer_freed(now=now) == 0
    free(ward)
    assert promises.offer_freed(now=now) == 1
    held = WaitlistEntry.unscoped.get().promise
    assert (held.state, held.resource, held.starts_at) == (
        State.HELD, ward.nurse, now + 48 * HOUR,
    )  # fmt: skip
    client.force_login(ward.by)
    page = at("staff-place", ward.host, entry.pk)
    assert client.get(at("waitlist-accept", ward.host, entry.pk))["Location"] == page
    shown = client.get(page)
    assert "Held for you" in text(shown)
    assert ward.nurse.staff_member.person_name not in text(shown)
    assert not shown.context["findings"]
    sent = {
        "starts_at": shown.context["form"]["starts_at"].value().text, "break_minutes": 30,
        "ends_at": shown.context["form"]["ends_at"].value().text, "site": entry.site_id,
        "priority": "routine", "do": "basket",
    } | KEY  # fmt: skip
    for _again in range(2):
        assert client.post(page, sent).status_code == 302
    assert WaitlistEntry.unscoped.get().state == WaitState.TAKEN
    made = SharingRequest.unscoped.get(pk=held.pk)
    assert made.state == State.REQUESTED
    assert StaffEngagement.unscoped.get(sharing_request=made).break_minutes == 30
    assert SignOff.unscoped.filter(sharing_request=made).count() == 3
    assert client.get(page)["Location"] == at("waitlist", ward.host)
    late = client.post(page, sent | {"idempotency_key": "another-key-of-a-form"})
    assert late.status_code in (302, 409)
    assert SharingRequest.unscoped.filter(borrower=ward.host).count() == 1


def test_a_place_with_a_person_is_nobody_elses(client, ward, now):
    entry = join(ward, now)
    client.force_login(ward.by)
    assert client.get(at("staff-place", ward.host, entry.pk)).status_code == 404
    free(ward)
    promises.offer_freed(now=now)
    stranger = make.user(at=ward.home, role="staffing_manager")
    client.force_login(stranger)
    assert client.get(at("staff-place", ward.home, entry.pk)).status_code == 404


def test_where_nobody_can_be_invited_the_line_and_a_need_are_one_click_away(client, ward, now):
    client.force_login(ward.by)
    zoned = {"starts_at": now + 48 * HOUR, "ends_at": now + 56 * HOUR}
    times = {name: f"{value:%Y-%m-%dT%H:%M}+00:00" for name, value in zoned.items()}
    wish = times | {"break_minutes": 0, "site": ward.host.sites.get().pk}
    found = client.get(at("staff-need", ward.host), wish | {"profession": ward.nurse.category.slug})
    ways = found.context["ways_on"]
    assert ward.nurse.category.name in text(client.get(ways["join_url"]))
    assert client.get(ways["need_url"]).context["form"].initial["starts_at"] == zoned["starts_at"]
    assert client.post(ways["need_post"], ways["need_now"] | KEY).status_code == 302
    assert Need.unscoped.get().starts_at == zoned["starts_at"]
    invite = client.get(at("staff-invite", ward.host, ward.nurse.pk), wish)
    assert ward.nurse.code in text(client.get(invite.context["wait_url"]))


def test_a_date_of_a_series_of_shifts_is_waited_for_and_joins_it(client, ward, now):
    zone = ZoneInfo(ward.host.sites.get().time_zone)
    address = at("staff-series", ward.host, ward.nurse.pk)
    form = {
        "starts_at": written(now + 48 * HOUR, zone), "ends_at": written(now + 56 * HOUR, zone),
        "break_minutes": 0, "site": ward.host.sites.get().pk, "priority": "routine",
        "purpose": "Night cover", "repeat": "daily", "every": 1, "times": 3, "do": "check",
    }  # fmt: skip
    client.force_login(ward.by)
    fields = client.post(address, form | KEY).context["form"].fields
    chosen = {name: fields[name].choices[0][0] for name in fields if name.startswith("date_")}
    assert sorted(chosen.values()) == ["ask", "ask", "wait"]
    sent = client.post(address, form | KEY | chosen | {"do": "send"})
    series = Series.unscoped.get()
    assert sent.status_code == 302
    entry = WaitlistEntry.unscoped.get()
    assert (entry.series, entry.site) == (series, ward.host.sites.get())
    free(ward)
    assert promises.offer_freed(now=now) == 1
    page = client.get(at("staff-place", ward.host, entry.pk))
    taken = page.context["form"].data.dict() | {"idempotency_key": "another-key"}
    assert client.post(at("staff-place", ward.host, entry.pk), taken).status_code == 302
    assert list(series.dates.values_list("state", flat=True)) == ["requested"] * 3
