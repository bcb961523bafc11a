"""Who could serve one need, or what a request asked for: ranked, with the reasons of the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources.distance import between_sites
from scheduling.queries.replacements import Cause, open_time, ranked
from scheduling.queries.rounds.one_need import who_could_serve
from scheduling.queries.rounds.wanted import of_need
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def device_of(slug, now, *, east=0.0, **fields):
    """A ventilator of an institution so many degrees east of the borrower, free all week."""
    institution = make.institution(slug, with_site=False)
    make.site(institution, latitude=31.2, longitude=121.4 + east)
    made = make.equipment(institution, last_safety_test=now.date(), **fields)
    make.offer(made, now=now, intervals=[(now, now + 7 * DAY)])
    return made


@pytest.fixture
def borrower(db):
    institution = make.institution("borrower", with_site=False)
    make.site(institution, latitude=31.2, longitude=121.4)
    return institution


def serving(need, now):
    return who_could_serve(of_need(need, now=now), now=now)


def codes(found):
    return [one.resource.code for one in found.suitable]


def test_offers_for_a_need_come_nearest_first(now, borrower):
    device_of("far", now, east=0.2, code="FAR")
    near = device_of("near", now, east=0.05, code="NEAR")
    found = serving(make.need(borrower, category=near.category, now=now), now)
    assert codes(found) == ["NEAR", "FAR"]
    assert (found.number, found.funnel[0]) == (2, ("all", 2))


def test_what_another_need_depends_on_comes_after_what_nobody_else_needs(now, borrower):
    near = device_of("near", now, east=0.05, code="NEAR")
    device_of("far", now, east=0.2, code="FAR", visibility="named").audience.create(
        institution=borrower
    )
    other = make.institution("other")
    make.need(other, category=near.category, now=now, priority="stat", justification="Two failed")
    found = serving(make.need(borrower, category=near.category, now=now), now)
    assert codes(found) == ["FAR", "NEAR"]
    assert [one.choice.displaced for one in found.suitable] == [(0, 0, 0), (1, 0, 0)]


def test_what_is_not_offered_to_the_reader_is_neither_named_nor_counted(now, borrower):
    seen = device_of("seen", now, code="SEEN")
    hidden = device_of("hidden", now, code="HIDDEN", visibility="named")
    hidden.audience.create(institution=make.institution("stranger"))
    busy = device_of("busy", now, code="BUSY", visibility="named")
    make.block(busy, now, now + 7 * DAY, by=make.user(at=busy.institution, role="coordinator"))
    found = serving(make.need(borrower, category=seen.category, now=now), now)
    assert codes(found) == ["SEEN"]
    assert [one.resource.code for one in found.unsuitable] == []
    assert (found.number, found.funnel[0]) == (1, ("all", 1))


def test_the_closest_that_do_not_fit_say_which_rule(now, borrower):
    busy = device_of("busy", now, code="BUSY")
    make.block(busy, now, now + 7 * DAY, by=make.user(at=busy.institution, role="coordinator"))
    device_of("far", now, east=0.5, code="FAR")
    need = make.need(
        borrower, category=busy.category, now=now, site=borrower.sites.get(), within_km=20
    )
    found = serving(need, now)
    assert found.suitable == ()
    out = [(one.resource.code, one.miss.code) for one in found.unsuitable]
    assert out == [("FAR", "travel"), ("BUSY", "absent")]
    assert found.funnel[:3] == (("all", 2), ("drawn", 1), ("item", 1))
    assert dict(found.funnel)["travel"] == 0


def test_an_offer_that_a_rule_of_the_workflow_stops_is_out_with_its_code(now, borrower):
    device = device_of("owner", now, code="UNTESTED")
    device.equipment.last_safety_test = None
    device.equipment.save()
    found = serving(make.need(borrower, category=device.category, now=now), now)
    assert found.suitable == ()
    [out] = found.unsuitable
    assert out.findings.blocks


def test_a_declined_request_is_offered_others_but_not_its_own_owner_again(now, borrower):
    device = device_of("first", now, code="FIRST")
    device_of("second", now, east=0.1, code="SECOND")
    row = make.sharing_request(
        device, borrower, state="declined", starts_at=now + 20 * HOUR, ends_at=now + 24 * HOUR,
        now=now,
    )  # fmt: skip
    cause, time = open_time(row, at_risk=False, now=now)
    assert (cause, time) == (Cause.REFUSED, (row.starts_at, row.ends_at))
    _wanted, found = ranked(row, time, now=now)
    assert codes(found) == ["SECOND"]
    assert (found.suitable[0].starts_at, found.suitable[0].ends_at) == time


def test_a_pending_request_looks_only_when_asked_to(now, borrower):
    row = make.sharing_request(
        device_of("first", now), borrower, starts_at=now + 20 * HOUR, ends_at=now + 24 * HOUR,
        now=now,
    )  # fmt: skip
    assert open_time(row, at_risk=False, now=now) is None
    assert open_time(row, at_risk=False, looking=True, now=now)[0] == Cause.LOOKING


def test_packs_of_a_declined_transfer_are_found_by_the_very_medicine(now, borrower):
    lots = [make.offered_lot(make.institution(f"owner{n}"), stock=40) for n in (1, 2)]
    make.medicine_use(borrower, 20)
    row = make.transfer(lots[0], borrower, state="declined", packs=10)
    cause, time = open_time(row, at_risk=False, now=now)
    assert (cause, time) == (Cause.REFUSED, None)
    _wanted, found = ranked(row, None, now=now)
    assert [one.resource.pk for one in found.suitable] == [lots[1].pk]
    assert found.suitable[0].quantity == 10


def test_a_person_who_may_work_there_is_ranked_for_a_need(now, borrower):
    person = make.compliant(make.institution("home"), borrower)
    shift = {"now": now, "starts_at": now + 60 * HOUR, "ends_at": now + 68 * HOUR}
    found = serving(make.need(borrower, category=person.category, **shift), now)
    assert [one.resource.pk for one in found.suitable] == [person.pk]


def test_the_number_of_statements_does_not_grow_with_the_offers(now, borrower):
    first = device_of("one", now)
    need = make.need(borrower, category=first.category, now=now)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            found = serving(need, now)
        return len(captured), len(found.suitable)

    few = statements()
    for number in range(12):
        device_of(f"more{number}", now, east=0.01 * number)
        make.need(make.institution(f"rival{number}"), category=first.category, now=now)
    many = statements()
    assert (few[1], many[1]) == (1, 5)
    assert many[0] <= few[0] + 1, (few, many)


def test_the_page_of_a_need_ranks_and_says_why_not(client, now, borrower):
    busy = device_of("busy", now, code="BUSY")
    need = make.need(borrower, category=busy.category, now=now)
    client.force_login(make.user(at=borrower, role="coordinator"))
    address = f"/at/borrower/needs/{need.pk}/"
    page = closed(client.get(address))
    [row] = page.context["serving"]["rows"]
    assert (row["code"], row["place"]) == ("BUSY", 1)
    assert closed(client.get(row["url"])).status_code == 200
    by = make.user(at=busy.institution, role="coordinator")
    make.block(busy, now, now + 7 * DAY, by=by)
    page = closed(client.get(address))
    assert page.context["serving"]["rows"] == []
    assert "Nobody can at present" in page.content.decode()
    stranger = make.user(at=make.institution("stranger"), role="coordinator")
    client.force_login(stranger)
    assert closed(client.get(f"/at/stranger/needs/{need.pk}/")).context["serving"] is None


def test_from_the_reason_a_link_leads_to_the_field_that_would_help(client, now, borrower):
    far = device_of("far", now, east=0.5)
    need = make.need(
        borrower, category=far.category, now=now, site=borrower.sites.get(), within_km=20
    )
    client.force_login(make.user(at=borrower, role="coordinator"))
    page = closed(client.get(f"/at/borrower/needs/{need.pk}/"))
    [way] = page.context["serving"]["ways"]
    assert way["url"] == f"/at/borrower/needs/{need.pk}/amend/#id_within_km"
    assert 'id="id_within_km"' in closed(client.get(way["url"])).content.decode()


def test_an_institution_without_a_site_gets_no_ranking_and_no_fault(now):
    device = device_of("owner", now)
    nowhere = make.institution("nowhere", with_site=False)
    found = serving(make.need(nowhere, category=device.category, now=now), now)
    assert (found.suitable, found.unsuitable, found.number) == ((), (), 0)


def test_the_distance_is_that_of_the_search_and_its_limits(now, borrower):
    near = device_of("near", now, east=0.05)
    device_of("away", now, east=0.1, status="paused")
    found = serving(make.need(borrower, category=near.category, now=now), now)
    home = borrower.sites.get()
    for one in (*found.suitable, *found.unsuitable):
        assert one.kilometres == between_sites(home, one.resource.site)
    assert [round(one.kilometres, 1) for one in found.suitable] == [4.8]
