"""What is compared with: each in its order, from the nearest lot, within the same hard rules."""

from scheduling.matching.baselines.medicine import first_come, urgency_first
from scheduling.matching.problem import KeptMatch, Match, Urgency, UseLimit
from tests.scheduling.matching.medicine.city import (
    candidates_of,
    lot,
    made_up,
    need,
    place,
    problem,
    two,
)


def handed_out(baseline, given):
    return [(row.need, row.offer, row.quantity) for row in baseline(given, *candidates_of(given))]


def test_first_come_serves_in_the_order_of_posting():
    needs = [need("late", posted_at=5, urgency=Urgency.CRITICAL), need("early", posted_at=1)]
    given = two([lot("l", packs=12)], needs)
    assert handed_out(first_come, given) == [("early", "l", 10), ("late", "l", 2)]


def test_urgency_first_serves_the_most_urgent_first():
    needs = [need("early"), need("late", posted_at=5, urgency=Urgency.CRITICAL)]
    given = two([lot("l", packs=12)], needs)
    assert handed_out(urgency_first, given) == [("late", "l", 10), ("early", "l", 2)]


def test_the_nearest_lot_goes_first():
    places = [place("far", 0.3), place("near", 0.12), place("borrower", 0.1)]
    given = problem(places, [lot("f", "far"), lot("c", "near", 4)], [need("n")])
    assert handed_out(first_come, given) == [("n", "c", 4), ("n", "f", 6)]


def test_nobody_gets_more_of_a_lot_than_it_can_use():
    limits = (UseLimit("borrower", "l", 4),)
    given = two([lot("l", packs=12)], [need("n"), need("o")], use_limits=limits)
    assert handed_out(first_come, given) == [("n", "l", 4), ("o", "l", 4)]


def test_kept_matches_come_first_and_take_their_packs():
    given = two([lot("l")], [need("n"), need("o")], kept=(KeptMatch(Match("o", "l", 8)),))
    assert handed_out(first_come, given) == [("o", "l", 8), ("n", "l", 2)]


def test_only_admissible_pairs_and_no_more_than_there_is():
    given = made_up(needs=150, institutions=12, seed=9)
    candidates, travel = candidates_of(given)
    pairs = {
        (given.medicine_needs[n].id, given.lots[o].id)
        for n, o in zip(candidates.need.tolist(), candidates.offer.tolist(), strict=True)
    }
    left = {row.id: row.packs for row in (*given.lots, *given.medicine_needs)}
    for match in first_come(given, candidates, travel):
        assert (match.need, match.offer) in pairs
        left[match.need] -= match.quantity
        left[match.offer] -= match.quantity
    assert min(left.values()) >= 0
