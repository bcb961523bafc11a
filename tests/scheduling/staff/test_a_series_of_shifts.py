"""Every Tuesday night: one person invited for several shifts, each of them a shift of its own."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from medshare_portal.forms.moments import written
from scheduling.kinds.staff.actions.mailing import mail_letters
from scheduling.kinds.staff.links import token_for
from scheduling.models import Series, SharingRequest, StaffEngagement, StaffMail
from tests import make

WEEK = timedelta(days=7)


@pytest.fixture
def zone(lending):
    return ZoneInfo(lending.host.sites.get().time_zone)


def form(lending, zone, **fields) -> dict:
    return {
        "starts_at": written(lending.starts_at, zone), "ends_at": written(lending.ends_at, zone),
        "specialty": make.specialty().code, "break_minutes": 60, "site": lending.host.sites.get().pk,
        "priority": "routine", "purpose": "Night cover",
        "repeat": "weekly", "every": 1, "times": 3, "do": "check",
        "weekdays": [lending.starts_at.astimezone(zone).weekday()],
        "idempotency_key": uuid4().hex,
    } | fields  # fmt: skip


def ask(client, lending, zone, **fields):
    """Look at the dates, then ask for those that are free."""
    client.force_login(lending.head)
    address = reverse("scheduling:staff-series", args=["host", lending.nurse.pk])
    looked = client.post(address, form(lending, zone, **fields))
    assert looked.status_code == 200, looked.context["form"].errors
    names = [name for name in looked.context["form"].fields if name.startswith("date_")]
    chosen = {name: looked.context["form"].fields[name].choices[0][0] for name in names}
    return looked, client.post(address, form(lending, zone, **fields) | chosen | {"do": "send"})


def states(sent) -> list[str]:
    return list(sent.dates.order_by("starts_at").values_list("state", flat=True))


def test_each_date_is_a_shift_and_the_person_gets_one_letter(client, lending, zone):
    _looked, sent = ask(client, lending, zone)
    series = Series.unscoped.get()
    assert sent.url == reverse("scheduling:series", args=["host", series.pk])
    dates = list(series.dates.order_by("starts_at"))
    assert [row.starts_at for row in dates] == [lending.starts_at + n * WEEK for n in range(3)]
    assert states(series) == ["requested"] * 3
    assert StaffEngagement.unscoped.filter(break_minutes=60).count() == 3
    assert [row.event for row in StaffMail.unscoped.all()] == ["invited"]
    lending.nurse.staff_member.email = "nurse@example.org"
    lending.nurse.staff_member.save()
    mail_letters(now=timezone.now())
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("20:00") >= 3


def test_shifts_stand_on_the_page_of_the_series_by_the_clock_of_their_host(client, lending, zone):
    lending.home.sites.update(time_zone="Europe/London")
    ask(client, lending, zone)
    series = Series.unscoped.get()
    first = series.dates.earliest("starts_at")
    for slug, person in (("host", lending.head), ("home", lending.manager)):
        client.force_login(person)
        for page in (
            client.get(reverse("scheduling:series", args=[slug, series.pk])),
            client.get(reverse("scheduling:request-detail", args=[slug, first.pk])),
        ):
            assert page.context["zone"] == str(zone)
            assert "20:00" in page.text


def test_the_form_starts_as_the_invitation_was(client, lending, zone):
    client.force_login(lending.head)
    query = urlencode({"starts_at": written(lending.starts_at, zone), "ward": "ICU 2",
                       "ends_at": written(lending.ends_at, zone)})  # fmt: skip
    invite = client.get(
        reverse("scheduling:staff-invite", args=["host", lending.nurse.pk]) + f"?{query}"
    )
    page = client.get(invite.context["series_url"])
    shown = page.context["form"]
    assert shown["ward"].value() == "ICU 2"
    assert shown.get_initial_for_field(shown.fields["starts_at"], "starts_at") == lending.starts_at


def test_the_dates_of_one_week_are_judged_together(client, lending, zone):
    """Twelve hours every night leave too little rest from the second on; alone each is well."""
    looked, _sent = ask(client, lending, zone, repeat="daily", times=7, weekdays=[])
    verdicts = [row["verdict"] for row in looked.context["rows"]]
    assert (verdicts[0], set(verdicts[1:])) == ("ok", {"warn"})
    alone, _sent = ask(client, lending, zone, times=2)
    assert [row["verdict"] for row in alone.context["rows"]] == ["ok", "ok"]


@pytest.fixture
def sent(client, lending, zone):
    ask(client, lending, zone)
    return Series.unscoped.get()


def agree_at_home(client, lending, sent):
    client.force_login(lending.manager)
    address = reverse("scheduling:series-answer", args=["home", sent.pk])
    rows = list(sent.dates.order_by("starts_at"))
    data = {"pk": [row.pk for row in rows], "seen": [f"{row.pk}.{row.version}" for row in rows]}
    return client.post(address, data | {"rest": "leave", "idempotency_key": uuid4().hex})


def test_three_answers_book_all_dates(client, lending, sent):
    """The home employer on one page, the host's credentialing on another, the person by a link."""
    assert agree_at_home(client, lending, sent).status_code == 302
    page = client.get(reverse("scheduling:series", args=["home", sent.pk]))
    assert page.context["form"] is None
    assert [len(row.waits_for) for row in page.context["rows"]] == [2] * 3
    client.force_login(lending.credentialing)
    address = reverse("scheduling:staff-series-credentialing", args=["host", sent.pk])
    assert address in client.get(reverse("scheduling:series", args=["host", sent.pk])).text
    client.post(address, {"answer": "yes", "text": "", "idempotency_key": uuid4().hex})
    assert states(sent) == ["requested"] * 3
    client.logout()
    first = sent.dates.select_related("resource").order_by("starts_at")[0]
    link = reverse("staff-person", args=[token_for(first)])
    assert len(client.get(link).context["others"]) == 2
    client.post(link, {"answer": "yes", "text": "", "every": "on"})
    assert states(sent) == ["approved"] * 3
    assert StaffMail.unscoped.filter(event="booked").count() == 1


def test_the_person_may_answer_for_one_date_alone(client, lending, sent):
    first = sent.dates.select_related("resource").order_by("starts_at")[0]
    client.logout()
    client.post(reverse("staff-person", args=[token_for(first)]), {"answer": "no", "text": ""})
    assert states(sent) == ["declined", "requested", "requested"]


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_a_wrong_answer_for_all_dates_is_stored_for_none(client, lending, sent, answer):
    client.force_login(lending.credentialing)
    address = reverse("scheduling:staff-series-credentialing", args=["host", sent.pk])
    page = client.post(address, {"answer": answer, "idempotency_key": uuid4().hex})
    assert (page.status_code, states(sent)) == (422, ["requested"] * 3)


def test_what_nobody_waits_for_is_said(client, lending, sent):
    client.force_login(lending.credentialing)
    address = reverse("scheduling:staff-series-credentialing", args=["host", sent.pk])
    client.post(address, {"answer": "no", "text": "", "idempotency_key": uuid4().hex})
    assert states(sent) == ["withdrawn"] * 3
    again = client.post(address, {"answer": "yes", "text": "", "idempotency_key": uuid4().hex})
    assert again.status_code == 409


def other_hours(client, lending, sent, number=0, **fields):
    row = sent.dates.order_by("starts_at", "pk")[number]
    client.force_login(lending.head)
    address = reverse("scheduling:request-series-hours", args=["host", row.pk])
    data = {"scope": "following", "starts": "19:00", "ends": "07:00", "days_later": "1",
            "do": "change", "idempotency_key": uuid4().hex}  # fmt: skip
    return client.post(address, data | fields)


def open_dates(sent):
    return sent.dates.filter(state__in=["requested", "approved"]).order_by("starts_at")


def test_other_hours_are_agreed_to_anew(client, lending, sent, zone):
    """One answer was there; of the dates that change all three are asked again, of the first,
    which stays, nothing."""
    agree_at_home(client, lending, sent)
    first = sent.dates.order_by("starts_at")[0]
    assert other_hours(client, lending, sent, 1).status_code == 302
    assert states(sent) == ["requested", "requested", "withdrawn", "requested", "withdrawn"]
    begins = [row.starts_at.astimezone(zone).hour for row in open_dates(sent)]
    assert begins == [20, 19, 19]
    missing = {row.pk: parts for row in open_dates(sent) for parts in [waits_for(row)]}
    assert missing.pop(first.pk) == {"person", "host"}
    assert set(map(frozenset, missing.values())) == {frozenset({"person", "home", "host"})}
    letters = StaffMail.unscoped.order_by("pk").values_list("event", flat=True)
    assert list(letters) == ["invited", "invited"]
    again = StaffEngagement.unscoped.filter(sharing_request__in=missing)
    assert {(row.break_minutes, row.specialty) for row in again} == {(60, make.specialty())}


def waits_for(row) -> set[str]:
    return set(row.sign_offs.filter(decision="waiting").values_list("part", flat=True))


def test_a_look_at_other_hours_says_that_they_are_asked_anew(client, lending, sent):
    page = other_hours(client, lending, sent, do="check")
    assert [row["stays_booked"] for row in page.context["rows"]] == [False] * 3
    assert [row["waits"] for row in page.context["rows"]] == [False] * 3
    assert states(sent) == ["requested"] * 3


def test_a_booked_night_is_given_back_and_its_old_hours_are_not_in_the_way(client, lending, sent):
    agree_at_home(client, lending, sent)
    client.force_login(lending.credentialing)
    address = reverse("scheduling:staff-series-credentialing", args=["host", sent.pk])
    client.post(address, {"answer": "yes", "text": "", "idempotency_key": uuid4().hex})
    first = sent.dates.select_related("resource").order_by("starts_at")[0]
    link = reverse("staff-person", args=[token_for(first)])
    client.post(link, {"answer": "yes", "text": "", "every": "on"})
    looked = other_hours(client, lending, sent, do="check")
    assert [row["verdict"] for row in looked.context["rows"]] == ["ok"] * 3
    assert other_hours(client, lending, sent).status_code == 302
    assert sorted(states(sent)) == ["cancelled"] * 3 + ["requested"] * 3


def test_hours_that_the_rules_forbid_change_no_date(client, lending, sent):
    """Three days on end."""
    page = other_hours(client, lending, sent, days_later="3")
    assert page.status_code in (409, 422)
    assert states(sent) == ["requested"] * 3


def test_no_page_of_the_host_tells_the_name_before_it_is_booked(client, lending, zone):
    looked, _sent = ask(client, lending, zone)
    page = client.get(reverse("scheduling:series", args=["host", Series.unscoped.get().pk]))
    for text in (looked.text, page.text):
        assert lending.nurse.code in text
        assert "Li Xiaomei" not in text
    assert SharingRequest.unscoped.count() == 3
