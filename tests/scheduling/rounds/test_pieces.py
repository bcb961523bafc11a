"""Several pieces that one offer gives a need for one time are one line, and one request."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scheduling.actions import decisions
from scheduling.actions.rounds import deciding, publishing, replaying
from scheduling.models import Proposal, SharingRequest, UnmetNeed
from scheduling.queries.need_matching import booked_for
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def wanted(city, owner, borrower, now):
    """Five of a set of six that no other need is for."""
    monitors = make.equipment(
        owner, units=6, last_safety_test=now.date(), category=make.category(slug="monitor")
    )
    make.offer(monitors, now=now, intervals=[(now, now + 7 * DAY)])
    return make.need(borrower, category=monitors.category, now=now, quantity=5)


def line(run, need) -> Proposal:
    return Proposal.unscoped.get(run=run, need=need)


def published(city, run, need) -> Proposal:
    publishing.publish(run=run, by=city.official, now=city.now)
    return Proposal.unscoped.get(run=run, need=need, state="published")


def test_five_pieces_of_one_set_are_one_line_that_both_sides_accept(city, wanted, client):
    row = published(city, city.computed(), wanted)
    assert (row.quantity, len(set(row.pairs)), row.effect["part"]) == (5, 5, 100)
    assert not UnmetNeed.unscoped.filter(need=wanted).exists()
    client.force_login(city.asker)
    address = reverse("scheduling:proposal-accept", args=[city.borrower.slug, row.pk])
    typed = {"site": city.borrower.sites.get().pk, "purpose": "As proposed"}
    typed |= {"agreement_accepted": "on", "idempotency_key": "a-key-of-a-form"}
    assert client.post(address, typed).status_code == 302
    made = SharingRequest.unscoped.get()
    assert (made.units, made.proposal) == (5, row)
    decisions.approve(sharing_request=made, by=city.approver, now=city.now)
    row.refresh_from_db()
    assert (row.state, booked_for(wanted)) == ("agreed", 5)


def test_a_pinned_line_is_kept_whole_and_replays(city, wanted):
    first = city.computed()
    deciding.pin(proposal=line(first, wanted), pinned=True, by=city.official, now=city.now)
    again = city.computed(parent=first)
    kept = line(again, wanted)
    assert (kept.pinned, kept.pairs) == (True, line(first, wanted).pairs)
    assert replaying.replay(again).differences == ()


def test_a_struck_line_is_struck_whole(city, wanted):
    first = city.computed()
    struck = line(first, wanted)
    deciding.strike(proposal=struck, reason="Not now", by=city.official, now=city.now)
    again = city.computed(parent=first)
    assert not Proposal.unscoped.filter(run=again, need=wanted).exists()
    assert UnmetNeed.unscoped.get(run=again, need=wanted).quantity == 5


def test_of_a_line_whose_pieces_are_in_part_taken_the_others_are_published(city, wanted):
    run = city.computed()
    row = line(run, wanted)
    make.sharing_request(
        row.resource, make.institution(), state="approved", units=3,
        starts_at=row.starts_at, ends_at=row.ends_at,
    )  # fmt: skip
    told = published(city, run, wanted)
    assert (told.pk, told.quantity, told.effect) == (row.pk, 3, {"part": 60})
    out = Proposal.unscoped.get(run=run, need=wanted, state="struck")
    assert (out.quantity, out.stale) == (2, "taken")
    assert set(told.pairs) | set(out.pairs) == set(row.pairs)


def test_what_waits_has_all_its_units_and_gets_no_second_line(city, wanted):
    """Two more are asked for while three of six wait for an answer."""
    row = published(city, city.computed(), wanted)
    Proposal.unscoped.filter(pk=row.pk).update(expires_at=city.now + DAY)
    wanted.quantity = 6
    wanted.save()
    other = make.need(make.institution(), category=wanted.category, now=city.now, quantity=2)
    run = city.computed()
    assert not Proposal.unscoped.filter(run=run, need=wanted).exists()
    assert line(run, other).quantity == 1


def test_two_needs_of_one_hospital_are_served_by_one_set_at_one_time(city, wanted):
    """Asked by the same person in the same words."""
    twin = make.need(city.borrower, category=wanted.category, now=city.now)
    wanted.quantity = 1
    wanted.save()
    run = city.computed()
    publishing.publish(run=run, by=city.official, now=city.now)
    made = {city.accepted(line(run, need)).pk for need in (wanted, twin)}
    assert len(made) == 2
