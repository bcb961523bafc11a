"""Each need has one reason, and the reason is true: what it names, changed, changes the answer."""

from dataclasses import replace

import pytest

from bench.matching.cities import city
from scheduling.matching import kinds
from scheduling.matching.plan import KindPlan, Status
from scheduling.matching.problem import DAY, Interval, Kind, Match, Urgency
from scheduling.matching.reasons import Alternative, Explainer, Outbid, Relaxation, Verdict
from scheduling.matching.reasons import staff as staff_reasons
from scheduling.matching.travel import Travel
from tests.make import matching as make
from tests.make.matching import HOUR


def plan(kind: Kind, *matches: Match, **more) -> KindPlan:
    return KindPlan(kind, matches, Status.FEASIBLE, (), 0.0, **more)


def explained(problem, kind, *matches, **more):
    return Explainer(problem, plan(kind, *matches), **more)


def test_a_matched_need_hears_from_whom_and_what_else_there_was():
    nearer = make.lot("nearer", institution="c", packs=5)
    other = make.medicine_need("other", institution="c", urgency=Urgency.ROUTINE)
    problem = make.problem(
        lots=(make.lot(packs=10), nearer), medicine_needs=(make.medicine_need(), other)
    )

    reason = explained(problem, Kind.MEDICINE, make.packs()).need("mn")

    assert (reason.verdict, reason.part) == (Verdict.MATCHED, 1.0)
    assert [(row.offer, row.quantity, row.travel_minutes) for row in reason.served] == [
        ("l", 10, 20)
    ]
    assert reason.alternative == Alternative("nearer", 40, "urgent")  # it holds half of the packs
    assert reason.displaced == (0, 0, 1)


def test_the_next_best_says_the_first_tier_in_which_it_would_have_been_worse():
    """All hold enough: the one near its expiry won over the fresh ones, the nearest of these."""
    old = make.lot(institution="c", expiry_day=30, value_per_pack=10)
    lots = [make.lot(name, institution=at, expiry_day=200, value_per_pack=10)
            for name, at in (("near", "a"), ("far", "c"))]  # fmt: skip
    problem = make.problem(lots=(old, *lots), medicine_needs=(make.medicine_need(),))

    def lost_at(problem, offer):
        return explained(problem, Kind.MEDICINE, make.packs(offer=offer)).need("mn").alternative

    assert lost_at(problem, "l") == Alternative("near", 20, "waste")
    no_waste = replace(problem, parameters=replace(problem.parameters, waste_weight=0.0))
    assert lost_at(no_waste, "near").lost_at == "travel"
    assert lost_at(no_waste, "far").lost_at == ""
    before = replace(no_waste, previous=(make.packs(offer="far"),))
    assert lost_at(before, "far").lost_at == "stability"


def test_a_window_that_is_too_short_says_by_how_much():
    unit = make.unit(windows=(Interval(8 * HOUR, 13 * HOUR), Interval(20 * HOUR, 23 * HOUR)))
    need = make.equipment_need(latest=24 * HOUR, duration_minutes=6 * HOUR)
    problem = make.problem(units=(unit,), equipment_needs=(need,))

    gap = explained(problem, Kind.EQUIPMENT).need(need.id).relaxation
    longer = replace(unit, windows=(Interval(8 * HOUR, 13 * HOUR + gap.amount),))

    assert gap.code == "window"
    fits = kinds.candidates_of(replace(problem, units=(longer,)), Kind.EQUIPMENT, Travel(problem))
    assert fits.need.size == 1
    least = replace(longer, windows=(Interval(8 * HOUR, 13 * HOUR + gap.amount - 15),))
    none = kinds.candidates_of(replace(problem, units=(least,)), Kind.EQUIPMENT, Travel(problem))
    assert none.need.size == 0


def test_hours_of_another_day_are_no_small_change_away():
    later = (Interval(2 * DAY, 3 * DAY),)
    needs = {"equipment_needs": (make.equipment_need(),), "staff_needs": (make.staff_need(),)}
    offers = {"units": (make.unit(windows=later),), "people": (make.person(available=later),)}
    problem = make.problem(**needs, **offers)

    device = explained(problem, Kind.EQUIPMENT).need("en").relaxation
    nurse = explained(problem, Kind.STAFF).need("sn").relaxation

    assert (device.code, device.opens, device.amount) == ("window", 1, None)
    assert (nurse.code, nurse.opens, nurse.amount) == ("available", 1, None)


def test_an_outbid_need_hears_which_class_holds_the_closest_and_what_it_would_take():
    other = make.medicine_need("other", institution="c", urgency=Urgency.ROUTINE)
    problem = make.problem(lots=(make.lot(packs=10),), medicine_needs=(make.medicine_need(), other))

    reason = explained(problem, Kind.MEDICINE, make.packs()).need("other")

    assert reason.verdict == Verdict.OUTBID
    assert reason.outbid == Outbid("l", 50, Urgency.CRITICAL, price=10.0, worth=0.1)


def test_a_need_without_an_offer_hears_the_first_rule_and_the_least_that_would_help():
    near = make.medicine_need(longest_travel_minutes=15)
    problem = make.problem(
        lots=(make.lot(), make.lot("far", institution="c")), medicine_needs=(near,)
    )

    reason = explained(problem, Kind.MEDICINE).need("mn")

    assert (reason.verdict, reason.blocked_by) == (Verdict.NO_OFFER, "travel")
    assert reason.relaxation == Relaxation("travel", "l", opens=2, amount=5)


def test_no_single_rule_is_named_where_none_would_help():
    near = make.medicine_need(longest_travel_minutes=15, minimum_life_days=60)

    reason = explained(make.problem(medicine_needs=(near,)), Kind.MEDICINE).need("mn")

    assert (reason.verdict, reason.blocked_by, reason.relaxation) == (
        Verdict.NO_OFFER,
        "life",
        None,
    )


def test_fairness_is_the_reason_only_where_it_would_have_been_served_without():
    mine, other = (
        make.medicine_need(urgency=Urgency.ROUTINE),
        make.medicine_need("other", institution="c"),
    )
    problem = make.problem(lots=(make.lot(packs=10),), medicine_needs=(mine, other))
    without = plan(Kind.MEDICINE, make.packs())

    reason = explained(
        problem, Kind.MEDICINE, Match("other", "l", 10), without_equity=without
    ).need("mn")

    assert reason.verdict == Verdict.FAIRNESS
    assert (reason.fairness.fill, reason.fairness.fill_without) == (0.0, 1.0)


def test_fairness_took_nothing_from_a_hospital_that_gets_as_much_by_another_need():
    mine, twin = (make.medicine_need(name, urgency=Urgency.ROUTINE) for name in ("mn", "twin"))
    problem = make.problem(lots=(make.lot(packs=10),), medicine_needs=(mine, twin))

    reason = explained(
        problem,
        Kind.MEDICINE,
        Match("twin", "l", 10),
        without_equity=plan(Kind.MEDICINE, make.packs()),
    ).need("mn")

    assert (reason.verdict, reason.fairness) == (Verdict.OUTBID, None)


def test_a_lot_hears_where_its_packs_went_and_which_needs_could_not_have_them():
    needs = (
        make.medicine_need(),
        make.medicine_need("long", minimum_life_days=90),
        make.medicine_need("x", item="x"),
    )
    problem = make.problem(medicine_needs=needs)

    supply = explained(problem, Kind.MEDICINE, make.packs()).offer("l")

    assert (supply.amount, supply.matched, supply.needs, supply.unserved) == (40, 10, 3, 0)
    assert {step.code: step.left for step in supply.funnel if step.code in {"item", "life"}} == {
        "item": 2,
        "life": 1,
    }


def test_a_shift_is_outbid_by_one_too_close_to_it():
    night = make.staff_need("night", starts_at=20 * HOUR, ends_at=28 * HOUR, urgency=Urgency.URGENT)
    person = make.person(available=(Interval(0, 2 * DAY),))
    problem = make.problem(staff_needs=(make.staff_need(), night), people=(person,))
    match = Match("night", "p", starts_at=20 * HOUR, ends_at=28 * HOUR)

    reason = explained(problem, Kind.STAFF, match).need("sn")

    assert reason.outbid == Outbid("p", 20, Urgency.URGENT, price=10.0, worth=1.0)


def test_a_shift_is_outbid_by_the_others_in_a_full_week():
    later = make.staff_need("later", starts_at=2 * DAY, ends_at=2 * DAY + 8 * HOUR)
    person = make.person(weekly_cap_minutes=15 * HOUR)
    match = Match("later", "p", starts_at=2 * DAY, ends_at=2 * DAY + 8 * HOUR)
    problem = make.problem(staff_needs=(make.staff_need(), later), people=(person,))

    def rivals(cap: int):
        tired = replace(person, weekly_cap_minutes=cap)
        return staff_reasons.rivals(
            problem, Travel(problem), make.staff_need(), tired, (match,), {}
        )

    assert (rivals(15 * HOUR), rivals(16 * HOUR)) == ((match,), ())


@pytest.mark.parametrize(
    ("changes", "code", "amount"),
    [
        ({"longest_travel_minutes": 12}, "travel", 8),
        ({"available": (Interval(7 * HOUR, 14 * HOUR),)}, "available", HOUR),
        ({"available": ()}, "available", None),
        ({"own_shifts": (Interval(-12 * HOUR, -2 * HOUR),)}, "rest", 2 * HOUR),
        ({"weekly_cap_minutes": 7 * HOUR}, "weekly_hours", HOUR),
        ({"approved_at": frozenset({"c"})}, "approved", None),
    ],
)
def test_a_person_who_just_fails_says_by_how_much(changes, code, amount):
    problem = make.problem(people=(make.person(**changes),))

    assert explained(problem, Kind.STAFF).need("sn").relaxation == Relaxation(code, "p", 1, amount)


@pytest.mark.parametrize("kind", list(Kind))
def test_in_a_city_what_a_reason_names_is_what_blocks(kind):
    """Without the rule that is named exactly the offers that are counted could serve."""
    problem = city(80, seed=3, kinds=(kind,))
    travel = Travel(problem)
    explainer = explained(problem, kind, travel=travel)
    at = {need.id: place for place, need in enumerate(problem.needs(kind))}
    reasons = [explainer.need(need.id) for need in problem.needs(kind)]
    named = [reason for reason in reasons if reason.relaxation]

    for code in {reason.relaxation.code for reason in named}:
        lifted = kinds.candidates_of(replace(problem, lifted=frozenset({code})), kind, travel)
        for reason in named:
            if reason.relaxation.code == code:
                offers = {problem.offers(kind)[o].id for o in lifted.offers_of(at[reason.need])}
                assert reason.relaxation.offer in offers
                assert len(offers) == reason.relaxation.opens
    assert named
    assert {reason.verdict for reason in reasons} == {Verdict.NO_OFFER, Verdict.OUTBID}
