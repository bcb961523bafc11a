"""What the matcher is told of the city: needs, offers, and what is taken already."""

from datetime import timedelta

import pytest

from scheduling.matching.problem import Interval, Kept, Urgency
from scheduling.models import Need
from scheduling.queries.rounds.problem import draw, first_slot, zone_of_city
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def drawn(run, now):
    return draw(run, now=now)


def the_unit(run, now):
    (unit,) = drawn(run, now).problem.units
    return unit


def test_a_device_and_a_need_for_it_meet_in_one_class(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(device, now=now, transport_minutes=30, cleaning_minutes=60)
    need = make.need(
        borrower, category=device.category, now=now, priority="stat", justification="Two failed"
    )
    found = drawn(run, now)
    (asked,), (unit,) = found.problem.equipment_needs, found.problem.units
    assert asked.id == f"N-{need.pk}"
    assert asked.item == unit.item == device.category.path
    assert asked.urgency is Urgency.CRITICAL
    assert (asked.earliest, asked.latest) == (2 * 24 * 60, 3 * 24 * 60)
    assert asked.capabilities <= unit.capabilities
    assert unit.cleaning_minutes == 30 + 30 + 60
    assert {row.id for row in found.problem.institutions} == {"owner", "borrower"}


def test_a_need_for_a_wider_category_is_served_by_what_lies_below(run, now, owner, borrower):
    wide = make.category("breathing")
    narrow = make.category("transport-ventilator", parent=wide)
    device = make.equipment(owner, category=narrow)
    make.offer(device, now=now)
    make.need(borrower, category=wide, now=now)
    make.need(borrower, category=narrow, now=now)
    found = drawn(run, now).problem
    assert {need.item for need in found.equipment_needs} == {wide.path}
    deeper = [need for need in found.equipment_needs if narrow.path in need.capabilities]
    assert len(deeper) == 1
    assert narrow.path in found.units[0].capabilities


def test_what_is_booked_or_kept_is_no_window(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(
        device, now=now, transport_minutes=30, cleaning_minutes=60, intervals=[(now, now + DAY)]
    )
    make.need(borrower, category=device.category, now=now)
    by = make.user(at=owner, role="coordinator")
    make.block(device, now + 10 * HOUR, now + 12 * HOUR, by=by)
    before, after = the_unit(run, now).windows
    # A use ends at 8:30, so that it is back and clean at 10:00, and begins when it can have been
    # brought.  The matcher's block has both buffers behind the use: hence the room at the end.
    room = 30 + 30 + 60
    assert before == Interval(0, 8 * 60 + 30 + room)
    assert after == Interval(12 * 60 + 30, 24 * 60 + room)


def test_a_proposal_that_waits_for_an_answer_takes_its_time(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(device, now=now, intervals=[(now, now + 5 * DAY)])
    served = make.need(borrower, category=device.category, now=now)
    make.need(borrower, category=device.category, now=now)
    other = make.matching_run(now=now, state="published")
    make.proposal(other, served, device, now=now, state="published")
    found = drawn(run, now).problem
    assert len(found.equipment_needs) == 1
    taken = Interval(2 * 24 * 60, 3 * 24 * 60)
    assert all(w.ends_at <= taken.starts_at or w.starts_at >= taken.ends_at
               for w in found.units[0].windows)  # fmt: skip


def test_equal_devices_are_units_of_which_as_many_are_free_as_at_that_time(
    run, now, owner, borrower
):
    device = make.equipment(owner, units=3)
    make.offer(device, now=now, intervals=[(now, now + DAY)])
    make.need(borrower, category=device.category, now=now)
    make.sharing_request(
        device, borrower, state="approved", units=2,
        starts_at=now + 2 * HOUR, ends_at=now + 4 * HOUR,
    )  # fmt: skip
    units = drawn(run, now).problem.units
    assert [unit.id for unit in units] == [f"R-{device.pk}#{n}" for n in (1, 2, 3)]
    free = [sum(w.ends_at - w.starts_at for w in unit.windows) for unit in units]
    assert free == [24 * 60, 22 * 60, 22 * 60]


def test_an_offer_for_named_institutions_is_addressed_to_them_alone(run, now, owner, borrower):
    stranger = make.institution("stranger")
    device = make.equipment(owner, visibility="named")
    device.audience.create(institution=borrower)
    make.offer(device, now=now, visibility="named")
    make.need(borrower, category=device.category, now=now)
    make.need(stranger, category=device.category, now=now)
    found = drawn(run, now).problem
    (unit,) = found.units
    reached = {row.id for row in found.institutions if row.consortia & unit.consortia}
    assert reached == {"borrower"}


def test_words_mean_the_one_category_whose_devices_they_name(run, now, owner, borrower):
    device = make.equipment(owner)
    other = make.equipment(owner, category=make.category("monitor"), name_en="Patient monitor")
    for row in (device, other):
        make.offer(row, now=now)
    named = make.need(borrower, now=now, what="patient monitor")
    vague = make.need(borrower, now=now, what="nothing of the kind")
    found = drawn(run, now)
    assert {need.id for need in found.problem.equipment_needs} == {f"N-{named.pk}"}
    assert found.left_out == {vague.pk: "nobody_has_it"}


def test_a_need_for_three_is_three_of_one_group(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(device, now=now)
    need = make.need(borrower, category=device.category, now=now, quantity=3)
    asked = drawn(run, now).problem.equipment_needs
    assert [row.id for row in asked] == [f"N-{need.pk}#{n}" for n in (1, 2, 3)]
    assert {row.group for row in asked} == {f"N-{need.pk}"}


def test_a_need_without_a_time_is_left_out_and_said_so(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(device, now=now)
    need = make.need(
        borrower, category=device.category, now=now, starts_at=None, ends_at=None,
        needed_by=now + 2 * DAY, expires_at=now + 2 * DAY,
    )  # fmt: skip
    assert drawn(run, now).left_out == {need.pk: "no_time"}


def test_packs_of_a_lot_are_those_that_nobody_was_promised(run, now, owner, borrower):
    lot = make.offered_lot(owner, stock=40, search_text="insulin glargine")
    wanted = {"now": now, "kind": "medicine", "what": "Insulin glargine", "quantity": 10}
    make.need(borrower, category=None, needed_by=now + 3 * DAY, **wanted)
    (asked,), (offered,) = (
        drawn(run, now).problem.medicine_needs,
        drawn(run, now).problem.lots,
    )
    assert asked.item == offered.item == lot.item_key
    assert (asked.packs, offered.packs) == (10, 40)
    first_day = run.starts_at.astimezone(zone_of_city()).date()
    assert offered.expiry_day == (lot.expiry_date - first_day).days


def test_a_person_may_work_where_its_papers_stand(run, now, owner, borrower):
    stranger = make.institution("stranger")
    person = make.compliant(owner, borrower, category=make.profession())
    by = make.user(at=owner, role="staffing_manager")
    make.shift(person, now + 30 * HOUR, by=by)
    shift = {"now": now, "starts_at": now + 60 * HOUR, "ends_at": now + 68 * HOUR}
    for place in (borrower, stranger):
        make.need(place, category=person.category, **shift)
    found = drawn(run, now).problem
    (drawn_person,) = found.people
    assert drawn_person.approved_at == {"borrower"}
    assert drawn_person.own_shifts == (Interval(30 * 60, 38 * 60),)
    assert {need.skills for need in found.staff_needs} == {frozenset({person.category.path})}
    assert found.staff_needs[0].skills <= drawn_person.skills


def test_a_round_that_repeats_another_keeps_its_pins_and_leaves_out_what_it_struck(
    run, now, owner, borrower
):
    devices = [make.equipment(owner) for _number in range(3)]
    for device in devices:
        make.offer(device, now=now)
    needs = [make.need(borrower, category=devices[0].category, now=now) for _number in range(3)]
    make.proposal(run, needs[0], devices[0], pinned=True)
    make.proposal(run, needs[1], devices[1], state="struck", struck_reason="is promised to us")
    make.proposal(run, needs[2], devices[2])
    again = make.matching_run(now=now, parent=run)
    problem = drawn(again, now).problem
    assert [(each.match.need, each.match.offer, each.why) for each in problem.kept] == [
        (f"N-{needs[0].pk}", f"R-{devices[0].pk}", Kept.PINNED)
    ]
    assert problem.struck == {(f"N-{needs[1].pk}", f"R-{devices[1].pk}")}
    assert [row.need for row in problem.previous] == [f"N-{needs[2].pk}"]


def test_what_a_hospital_declined_is_not_proposed_again(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(device, now=now)
    need = make.need(borrower, category=device.category, now=now)
    old = make.matching_run(now=now, state="published")
    make.proposal(
        old, need, device, now=now, state="declined", declined_by_side="owner",
        decline_code="own_need", answered_at=now,
    )  # fmt: skip
    assert drawn(run, now).problem.struck == {(f"N-{need.pk}", f"R-{device.pk}")}


def test_a_consortium_shares_among_its_members(now, owner, borrower):
    stranger = make.institution("stranger")
    group = make.consortium(owner, borrower)
    devices = [make.equipment(place) for place in (owner, stranger)]
    for device in devices:
        make.offer(device, now=now)
    for place in (borrower, stranger):
        make.need(place, category=devices[0].category, now=now)
    run = make.matching_run(now=now, scope="consortium", consortium=group)
    problem = drawn(run, now).problem
    assert [unit.institution for unit in problem.units] == ["owner"]
    assert [need.institution for need in problem.equipment_needs] == ["borrower"]


def test_how_an_institution_fared_lately_counts_by_urgency_and_age(run, now, owner, borrower):
    device = make.equipment(owner)
    for state, priority in (("closed", "urgent"), ("declined", "routine")):
        make.sharing_request(
            device, borrower, state=state, priority=priority, now=now - 30 * DAY,
            submitted_at=now - 30 * DAY,
        )  # fmt: skip
    place = next(row for row in drawn(run, now).problem.institutions if row.id == "borrower")
    assert place.history_asked == {"equipment": pytest.approx(11 / 2, rel=0.03)}
    assert place.history_met == {"equipment": pytest.approx(10 / 2, rel=0.03)}


def test_a_round_begins_on_a_quarter_of_an_hour(now):
    assert first_slot(now + timedelta(minutes=1)) == now + timedelta(minutes=15)
    assert first_slot(now) == now


def test_a_need_that_ended_is_no_part_of_a_round(run, now, owner, borrower):
    device = make.equipment(owner)
    make.offer(device, now=now)
    need = make.need(borrower, category=device.category, now=now)
    Need.unscoped.filter(pk=need.pk).update(state="withdrawn", ended_at=now)
    assert drawn(run, now).needs == {}
