"""A late answer goes up, rung by rung, each told and written down once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from medshare_portal import jobs, notices
from medshare_portal.models import AuditEvent, Notification
from scheduling.actions import clocks, decisions, lapses
from scheduling.models import SharingRequest, SignOff, TransitionLog
from scheduling.states import Rung, State
from tests import make

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


# Due on a Friday afternoon: 16 working hours on, so 4 more to the deputies, 8 to the head, 16 on.
DUE = at("2026-11-27T16:00")
WHEN = {
    "remind_late": DUE,
    "to_deputy": at("2026-11-30T10:30"),
    "to_head": at("2026-11-30T16:30"),
    "to_city": at("2026-12-01T17:00"),
}


@pytest.fixture
def asked(city):
    city.head = make.user(at=city.owner, role="head")
    city.official = make.city_user()
    city.request = make.sharing_request(
        city.resource,
        city.borrower,
        by=city.asker,
        due_at=DUE,
        starts_at=DUE + 9 * DAY,
        now=DUE - 3 * DAY,
    )
    return city


def told() -> dict:
    """Event and person → how often."""
    found = {}
    for event, user in Notification.unscoped.filter(
        event__in=("answer-late", "answer-at-city")
    ).values_list("event", "user__username"):
        found[event, user] = found.get((event, user), 0) + 1
    return found


def steps(request) -> list[str]:
    return list(
        TransitionLog.objects.of(request).order_by("pk").values_list("transition", flat=True)
    )


def test_each_rung_is_climbed_at_its_time_and_told_once(asked):
    names = {
        person: getattr(asked, person).username
        for person in ("approver", "lender", "head", "official")
    }
    late, city = "answer-late", "answer-at-city"
    expected = {
        "remind_late": {(late, names["approver"]): 1},
        "to_deputy": {(late, names["approver"]): 2, (late, names["lender"]): 1},
        "to_head": {(late, names["head"]): 1},
        "to_city": {(city, names["official"]): 1},
    }
    so_far = {}
    for number, (step, moment) in enumerate(WHEN.items(), start=1):
        assert clocks.escalate(now=moment - timedelta(minutes=1)) == 0
        assert [clocks.escalate(now=moment) for _again in range(2)] == [1, 0]
        so_far |= expected[step]
        asked.request.refresh_from_db()
        assert (told(), asked.request.escalation) == (so_far, number)
    assert steps(asked.request)[-4:] == list(WHEN)
    assert clocks.escalate(now=DUE + 30 * DAY) == 0


def test_dates_of_a_series_that_are_late_together_are_told_as_one(asked):
    """Each date climbs and writes it down; people read of it once a rung."""
    sent = make.series(
        asked.resource,
        asked.borrower,
        by=asked.asker,
        states=("requested",) * 3,
        starts_at=DUE + 10 * DAY,
        now=DUE - 3 * DAY,
    )
    SharingRequest.unscoped.filter(series=sent).update(due_at=DUE)
    SharingRequest.unscoped.filter(pk=asked.request.pk).update(due_at=DUE + 300 * DAY)
    assert clocks.escalate(now=DUE) == 3
    assert told() == {("answer-late", asked.approver.username): 1}
    assert clocks.escalate(now=WHEN["to_city"]) == 3
    assert set(told().values()) == {1, 2}
    assert all(steps(row)[-4:] == list(WHEN) for row in sent.dates.all())


def test_the_page_that_is_open_can_still_be_sent(asked):
    version = asked.request.version
    clocks.escalate(now=DUE)
    fresh = SharingRequest.unscoped.get(pk=asked.request.pk)
    assert (fresh.version, fresh.state) == (version, State.REQUESTED)
    decided = decisions.decline(
        sharing_request=fresh,
        by=asked.approver,
        now=DUE + HOUR,
        version=version,
        reason_code="own_need",
    )
    assert (decided.state, decided.escalation) == (State.DECLINED, Rung.NONE)


def test_rungs_that_were_missed_are_all_told(asked):
    assert clocks.escalate(now=WHEN["to_city"] + DAY) == 1
    assert steps(asked.request)[-4:] == list(WHEN)
    assert set(told()) >= {
        ("answer-late", asked.head.username),
        ("answer-at-city", asked.official.username),
    }


def test_where_there_is_no_head_the_coordinators_hear_of_it(asked):
    asked.head.groups.clear()
    clocks.escalate(now=WHEN["to_deputy"])
    clocks.escalate(now=WHEN["to_head"])
    assert told()["answer-late", asked.lender.username] == 2


def test_who_hears_of_it_again_reads_how_far_it_has_gone(asked):
    clocks.escalate(now=DUE)
    clocks.escalate(now=WHEN["to_deputy"])
    rows = Notification.unscoped.filter(event="answer-late", user=asked.approver).order_by("pk")
    late = f"{asked.request.reference}: the time to answer is over"
    said = [notices.render(row)["subject"] for row in rows]
    assert said == [late, f"Passed to the deputies · {late}"]


def test_of_rungs_that_were_missed_a_person_hears_of_the_highest(asked):
    clocks.escalate(now=WHEN["to_deputy"])
    assert set(told().values()) == {1}


def test_what_cannot_wait_goes_up_by_night(asked):
    SharingRequest.unscoped.filter(pk=asked.request.pk).update(priority="stat")
    clocks.escalate(now=DUE + timedelta(minutes=45))
    assert SharingRequest.unscoped.get(pk=asked.request.pk).escalation == Rung.HEAD


def test_both_sides_read_in_their_trail_that_it_was_passed_on(asked):
    clocks.escalate(now=WHEN["to_deputy"])
    for place in (asked.owner, asked.borrower):
        actions = AuditEvent.objects.owned_by(place).order_by("sequence")
        assert [(row.action, row.actor_name) for row in actions] == [
            ("request.remind_late", "system"),
            ("request.to_deputy", "system"),
        ]


def test_a_consent_that_the_kind_does_not_ask_for_is_not_late(asked):
    row = SignOff.unscoped.create(
        sharing_request=asked.request, part="person", side="owner", asked_at=DUE - DAY, due_at=DUE
    )
    assert clocks.escalate(now=DUE) == 1  # the request's own answer
    row.refresh_from_db()
    assert row.escalation == Rung.NONE


def test_an_official_is_led_to_the_list_of_late_answers(asked):
    clocks.escalate(now=WHEN["to_city"])
    notice = Notification.unscoped.get(event="answer-at-city")
    assert (notice.institution, notices.render(notice)["url"]) == (None, "/city/late/")
    assert "Owner Hospital and Borrower Hospital" in notices.render(notice)["subject"]


def test_a_request_that_nobody_answered_says_that_it_was_too_slow(asked):
    begun = asked.request.starts_at
    assert lapses.lapse_unanswered(now=begun) == 1
    asked.request.refresh_from_db()
    log = TransitionLog.objects.of(asked.request).order_by("-pk").first()
    assert (asked.request.state, asked.request.decision_code) == (State.LAPSED, "too_slow")
    assert (log.transition, log.reason_code) == ("lapse", "too_slow")


def test_a_counter_offer_that_was_not_taken_up_blames_nobody_elses_slowness(city):
    row = make.sharing_request(
        city.resource, city.borrower, state=State.COUNTERED, by=city.asker,
        decided_by=city.approver, due_at=DUE, starts_at=DUE + DAY, now=DUE - DAY,
    )  # fmt: skip
    jobs.registry["lapse-unanswered"].run(DUE)
    assert SharingRequest.unscoped.get(pk=row.pk).decision_code == "not_taken_up"


def test_the_request_page_and_the_inbox_say_how_far_it_has_gone(asked, client):
    clocks.escalate(now=WHEN["to_head"])
    client.force_login(asked.approver)
    for address in (f"/at/owner/requests/{asked.request.pk}/", "/at/owner/inbox/"):
        assert "At the head of the institution" in client.get(address).text
