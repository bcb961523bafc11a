"""Each rule refuses exactly its own fault, and the funnel says where the last offer fell."""

import numpy as np
import pytest

from scheduling.matching.admissible.lookups import item_blocks
from scheduling.matching.problem import UseLimit
from tests.scheduling.matching.medicine.city import candidates_of, lot, need, place, problem, two

COLD = frozenset({"cold:2-8"})
LICENSED = frozenset({"licence:narcotic"})
CODES = (
    "item",
    "own",
    "consortium",
    "recalled",
    "record",
    "arrival",
    "life",
    "use",
    "licence",
    "practice",
    "cold",
    "cold_reach",
    "travel",
    "struck",
)


def city(offered, asked, *, borrower=None, owner=None, **more):
    places = [place("owner", **(owner or {})), place("borrower", 0.1, **(borrower or {}))]
    return problem(places, [offered], [asked], **more)


REFUSED = {
    "item": city(lot("l", item="heparin"), need("n")),
    "own": city(lot("l", "borrower"), need("n")),
    "consortium": city(
        lot("l", consortia=frozenset({"a"})), need("n"), borrower={"consortia": frozenset({"b"})}
    ),
    "recalled": city(lot("l", recalled=True), need("n")),
    "record": city(lot("l", recorded=False), need("n")),
    "arrival": city(lot("l", expiry_day=32, arrival_day=3, arrival_life_days=30), need("n")),
    "practice": city(lot("l", arrival_day=3), need("n"), borrower={"licensed_to": 2}),
    "life": city(lot("l", expiry_day=20), need("n", by_day=7, minimum_life_days=14)),
    "use": city(lot("l"), need("n"), use_limits=(UseLimit("borrower", "l", 0),)),
    "licence": city(lot("l", control="narcotic"), need("n"), borrower={"certificates": COLD}),
    "cold": city(lot("l", cold_chain="2-8"), need("n"), borrower={"certificates": LICENSED}),
    "cold_reach": city(
        lot("l", cold_chain="2-8", longest_cold_minutes=20),
        need("n"),
        borrower={"certificates": COLD},
    ),
    "travel": city(lot("l"), need("n", longest_travel_minutes=20)),
    "struck": city(lot("l"), need("n"), struck=frozenset({("n", "l")})),
}
PASSED = {
    "use": city(
        lot("l"),
        need("n"),
        use_limits=tuple(UseLimit(*row) for row in (("borrower", "l", 1), ("x", "l", 0))),
    ),
    "arrival": city(lot("l", expiry_day=33, arrival_day=3, arrival_life_days=30), need("n")),
    "practice": city(
        lot("l", arrival_day=3), need("n"), borrower={"licensed_to": 3}, owner={"licensed_to": 0}
    ),
    "consortium": city(
        lot("l", consortia=frozenset({"a", "b"})),
        need("n"),
        borrower={"consortia": frozenset({"b"})},
    ),
    "life": city(lot("l", expiry_day=21), need("n", by_day=7, minimum_life_days=14)),
    "licence": city(lot("l", control="narcotic"), need("n"), borrower={"certificates": LICENSED}),
    "cold": city(lot("l", cold_chain="2-8"), need("n"), borrower={"certificates": COLD}),
    "cold_reach": city(
        lot("l", cold_chain="2-8", longest_cold_minutes=90),
        need("n"),
        borrower={"certificates": COLD},
    ),
    "not cold": city(lot("l", longest_cold_minutes=1), need("n")),
    "travel": city(lot("l"), need("n", longest_travel_minutes=40)),
    "struck": city(lot("l"), need("n"), struck=frozenset({("n", "other"), ("other", "l")})),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_rule_refuses_its_fault(code):
    found, _ = candidates_of(REFUSED[code])
    assert found.codes == CODES
    assert len(found.need) == 0
    assert found.codes[int(np.argmin(found.left[0]))] == code


@pytest.mark.parametrize("code", PASSED)
def test_a_rule_lets_through_what_is_in_order(code):
    found, _ = candidates_of(PASSED[code])
    assert (found.need.tolist(), found.offer.tolist()) == ([0], [0])


def test_what_expires_on_the_last_day_of_need_is_usable_on_it():
    assert len(candidates_of(city(lot("l", expiry_day=7), need("n", by_day=7)))[0].need) == 1


def test_a_need_of_the_past_is_served_today_at_the_earliest():
    gone = city(lot("l", expiry_day=-1), need("n", by_day=-5))
    assert len(candidates_of(gone)[0].need) == 0


def test_a_lifted_rule_is_left_out():
    lifted = city(lot("l", recalled=True), need("n"), lifted=frozenset({"recalled"}))
    assert len(candidates_of(lifted)[0].need) == 1


def test_the_funnel_counts_the_offers_left_after_each_rule():
    lots = [lot("a"), lot("b", recalled=True), lot("c", expiry_day=1), lot("d", item="x")]
    found, _ = candidates_of(two(lots, [need("n", by_day=2)]))
    assert found.left[0].tolist() == [3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1]


def test_no_needs_and_no_lots_are_no_candidates():
    found, _ = candidates_of(two([], []))
    assert len(found.need) == 0
    assert found.first.tolist() == [0]


def test_blocks_hold_every_pair_of_an_item_once(monkeypatch):
    monkeypatch.setattr("scheduling.matching.admissible.lookups.PAIRS_AT_ONCE", 2)
    asked, offered = ["a", "b", "a", "c"], ["a", "a", "b"]
    pairs = [(n, o) for rows, columns in item_blocks(asked, offered) for n in rows for o in columns]
    assert sorted(pairs) == [(0, 0), (0, 1), (1, 2), (2, 0), (2, 1)]
