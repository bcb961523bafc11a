"""What was proposed and holds no longer is not published, and says why."""

from datetime import timedelta

import pytest

from scheduling.actions.rounds import computing, ordering, publishing
from scheduling.models import MatchingRun, Need, Proposal
from scheduling.queries.rounds.problem import draw
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def city(city):
    """With a second device, so that a round always has something left to publish."""
    city.spare = make.equipment(city.owner, last_safety_test=city.now.date())
    make.offer(city.spare, now=city.now, intervals=[(city.now, city.now + 7 * DAY)])
    return city


def publish(city, run) -> dict[int, Proposal]:
    """Need → its line after the round was published."""
    publishing.publish(run=run, by=city.official, now=city.now)
    return {row.need_id: row for row in Proposal.unscoped.filter(run=run)}


def test_the_second_of_two_rounds_over_the_same_needs_gives_nothing_twice(city):
    first, second = city.computed(), city.computed()
    third = make.need(city.borrower, category=city.device.category, now=city.now,
                      starts_at=city.now + 96 * HOUR, ends_at=city.now + 97 * HOUR)  # fmt: skip
    fresh = city.computed()
    publish(city, first)
    with pytest.raises(publishing.NothingToPublish):
        publish(city, second)
    assert set(Proposal.unscoped.filter(run=second).values_list("state", flat=True)) == {"proposed"}
    lines = publish(city, fresh)
    assert {pk: (row.state, row.stale) for pk, row in lines.items()} == {
        city.urgent.pk: ("struck", "not_needed"),
        city.routine.pk: ("struck", "not_needed"),
        third.pk: ("published", ""),
    }
    assert "served in another way" in lines[city.urgent.pk].struck_words


def test_what_was_booked_in_between_is_not_published(city):
    run = city.computed()
    row = Proposal.unscoped.get(need=city.urgent)
    make.sharing_request(
        row.resource, make.institution(), state="approved",
        starts_at=row.starts_at, ends_at=row.ends_at,
    )  # fmt: skip
    lines = publish(city, run)
    assert (lines[city.urgent.pk].state, lines[city.urgent.pk].stale) == ("struck", "taken")
    assert lines[city.routine.pk].state == "published"


def test_a_device_that_is_in_repair_by_now_is_not_published(city):
    run = city.computed()
    device = Proposal.unscoped.get(need=city.urgent).resource.equipment
    device.status = "down"
    device.save()
    assert publish(city, run)[city.urgent.pk].stale == "taken"


def test_what_the_rules_no_longer_allow_is_not_published(city):
    other = make.institution("other")
    make.need(other, category=city.device.category, now=city.now,
              starts_at=city.now + 96 * HOUR, ends_at=city.now + 97 * HOUR)  # fmt: skip
    run = city.computed()
    city.borrower.licence_valid_to = (city.now + DAY).date()
    city.borrower.save()
    lines = publish(city, run)
    assert {lines[pk].stale for pk in (city.urgent.pk, city.routine.pk)} == {"rules"}


def test_a_need_that_ended_and_one_that_is_too_near_say_so(city):
    run = city.computed()
    Need.unscoped.filter(pk=city.urgent.pk).update(state="withdrawn", ended_at=city.now)
    assert publish(city, run)[city.urgent.pk].stale == "not_needed"
    late = city.computed()
    Proposal.unscoped.filter(run=late).delete()
    soon = make.need(city.borrower, category=city.device.category, now=city.now)
    make.proposal(late, soon, city.device, now=city.now, starts_at=city.now + HOUR / 2,
                  ends_at=city.now + HOUR)  # fmt: skip
    with pytest.raises(publishing.NothingToPublish):
        publish(city, late)


def test_of_packs_that_became_fewer_the_most_pressing_need_gets_its_part(now, owner, borrower):
    lot = make.offered_lot(owner, stock=40, search_text="insulin glargine")
    make.medicine_use(borrower, 20)
    fields = {
        "category": None, "now": now, "kind": "medicine", "what": "Insulin glargine",
        "quantity": 10, "starts_at": None, "ends_at": None, "needed_by": now + 3 * DAY,
        "expires_at": now + 3 * DAY,
    }  # fmt: skip
    routine = make.need(borrower, **fields)
    urgent = make.need(borrower, priority="urgent", justification="Run out", **fields)
    official = make.city_user()
    run = ordering.order(terms=ordering.RoundTerms(kinds=("medicine",)), by=official, now=now)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    run.refresh_from_db()
    offer = lot.resource.offers.get()
    offer.quantity = 12
    offer.save()
    publishing.publish(run=run, by=official, now=now)
    lines = {row.need_id: (row.state, row.stale) for row in Proposal.unscoped.filter(run=run)}
    assert lines == {urgent.pk: ("published", ""), routine.pk: ("struck", "taken")}


def test_what_was_out_of_date_once_may_be_proposed_again_but_not_what_was_struck(city):
    run = city.computed()
    gone = Proposal.unscoped.get(need=city.urgent)
    Proposal.unscoped.filter(pk=gone.pk).update(state="struck", stale="taken")
    Proposal.unscoped.filter(need=city.routine).update(state="struck", struck_reason="Not this")
    again = MatchingRun.unscoped.get(pk=city.order(parent=run).pk)
    (pair,) = draw(again, now=city.now).problem.struck
    assert pair[0] == f"N-{city.routine.pk}"
