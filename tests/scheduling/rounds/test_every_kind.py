"""People and medicines through a round: from the order to the request that is sent."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medshare_portal.local_times import describe_period
from medshare_portal.models import Notification
from medshare_portal.notices import render
from resources.kinds.medicine.usability import day_at
from scheduling.actions.rounds import computing, ordering, publishing
from scheduling.kinds.medicine.rules.transfers import earliest_arrival, most_packs
from scheduling.models import Proposal, SharingRequest, UnmetNeed
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def published(kind, now) -> Proposal:
    official = make.city_user()
    terms = ordering.RoundTerms(kinds=(kind,))
    run = ordering.order(terms=terms, by=official, now=now)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    run.refresh_from_db()
    publishing.publish(run=run, by=official, now=now)
    return Proposal.unscoped.get(run=run, state="published")


def accepted(client, borrower, role, row, **typed):
    client.force_login(make.user(at=borrower, role=role))
    address = reverse("scheduling:proposal-accept", args=[borrower.slug, row.pk])
    assert closed(client.get(address)).status_code == 200
    typed |= {
        "site": borrower.sites.get().pk,
        "purpose": "As proposed",
        "idempotency_key": "a-key-of-a-form",
    }
    answer = client.post(address, typed)
    assert answer.status_code == 302, answer.content.decode()
    return SharingRequest.unscoped.get()


def test_a_shift_is_proposed_to_whoever_may_work_there_and_invited(client, now, owner, borrower):
    person = make.compliant(owner, borrower)
    stranger = make.institution("stranger")
    shift = {"now": now, "starts_at": now + 60 * HOUR, "ends_at": now + 68 * HOUR}
    make.need(borrower, category=person.category, **shift)
    elsewhere = make.need(stranger, category=person.category, **shift)
    row = published("staff", now)
    assert (row.resource, row.borrower) == (person, borrower)
    unmet = UnmetNeed.unscoped.get()
    assert unmet.need == elsewhere
    assert unmet.data["funnel"][-1] == ["approved", 0]
    made = accepted(client, borrower, "staffing_manager", row)
    assert (made.kind, made.starts_at, made.ends_at) == ("staff", *(row.starts_at, row.ends_at))
    assert made.staff_engagement.break_minutes == 60


@pytest.mark.parametrize("named", [True, False])
def test_a_shift_is_said_by_the_clock_of_where_it_is_worked(client, now, owner, borrower, named):
    """To both sides and to the city; a need that names no site is of the main one."""
    borrower.sites.update(time_zone="Europe/Berlin")
    person = make.compliant(owner, borrower)
    site = borrower.sites.get() if named else None
    shift = {"now": now, "starts_at": now + 60 * HOUR, "ends_at": now + 68 * HOUR, "site": site}
    make.need(borrower, category=person.category, **shift)
    people = {place: make.user(at=place, role="staffing_manager") for place in (borrower, owner)}
    row = published("staff", now)
    there = describe_period(row.starts_at, row.ends_at, tz=ZoneInfo("Europe/Berlin"))
    addresses = [
        (user, reverse("scheduling:proposals", args=[place.slug])) for place, user in people.items()
    ]
    addresses.append((row.run.created_by, reverse("city:round", args=[row.run_id])))
    accept = reverse("scheduling:proposal-accept", args=[borrower.slug, row.pk])
    for user, address in [*addresses, (people[borrower], accept)]:
        client.force_login(user)
        assert there in closed(client.get(address)).content.decode(), address
    [told] = {render(row)["subject"] for row in Notification.unscoped.all()}
    assert told == "1 proposal of a matching round waits for your answer"


def test_packs_are_proposed_and_asked_for(client, now, owner, borrower):
    lot = make.offered_lot(owner, stock=40, search_text="insulin glargine")
    make.medicine_use(borrower, 20)
    make.need(
        borrower, category=None, now=now, kind="medicine", what="Insulin glargine", quantity=10,
        starts_at=None, ends_at=None, needed_by=now + 3 * DAY, expires_at=now + 3 * DAY,
    )  # fmt: skip
    row = published("medicine", now)
    assert (row.resource_id, row.quantity) == (lot.pk, 10)
    made = accepted(client, borrower, "pharmacist", row)
    assert (made.kind, made.quantity) == ("medicine", 10)


def computed(kind, now):
    terms = ordering.RoundTerms(kinds=(kind,))
    run = ordering.order(terms=terms, by=make.city_user(), now=now)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    run.refresh_from_db()
    return run


def insulin_needed(borrower, now, quantity):
    return make.need(
        borrower, category=None, now=now, kind="medicine", what="Insulin glargine",
        quantity=quantity, starts_at=None, ends_at=None, needed_by=now + 3 * DAY,
        expires_at=now + 3 * DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"), [({"mah": ""}, "record"), ({"min_days_at_receipt": 100}, "arrival")]
)
def test_what_the_portal_would_refuse_of_a_lot_is_a_rule_of_the_matcher(
    now, owner, borrower, fields, code
):
    make.offered_lot(owner, stock=40, search_text="insulin glargine", **fields)
    make.medicine_use(borrower, 20)
    insulin_needed(borrower, now, 10)
    run = computed("medicine", now)
    assert run.results["refused"] == {}
    row = UnmetNeed.unscoped.get()
    assert (row.code, row.data["funnel"][-1]) == ("no_offer", [code, 0])


def test_lots_of_one_medicine_together_are_no_more_than_is_used_in_time(now, owner, borrower):
    """MED-08 holds for each of them alone; the second would only expire elsewhere."""
    lots = [
        make.offered_lot(owner, stock=40, search_text="insulin glargine", expiry_date=day)
        for day in ((now + 60 * DAY).date(), (now + 61 * DAY).date())
    ]
    make.medicine_use(borrower, 2)
    today = day_at(now, lots[0].resource.site.time_zone)
    most = [most_packs(lot, Decimal(2), 0, earliest_arrival(today)) for lot in lots]
    insulin_needed(borrower, now, sum(most))
    run = computed("medicine", now)
    assert [row.quantity for row in Proposal.unscoped.all()] in ([most[0]], [most[1]])
    assert run.results["refused"] == {"MED-08": 1}
