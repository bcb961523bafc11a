"""How a set of matches is counted beside both baselines."""

from scheduling.matching.kinds import candidates_of
from scheduling.matching.problem import Kind, Match, Urgency
from scheduling.matching.standing import standing
from scheduling.matching.travel import Travel
from tests.make import matching as make


def test_urgent_needs_are_counted_and_the_first_tier_is_weighed():
    problem = make.problem(
        medicine_needs=(
            make.medicine_need(packs=10),
            make.medicine_need("urgent", packs=4, urgency=Urgency.URGENT),
            make.medicine_need("routine", packs=4, urgency=Urgency.ROUTINE),
        )
    )
    travel = Travel(problem)
    candidates = candidates_of(problem, Kind.MEDICINE, travel)
    matches = [make.packs(5), Match("urgent", "l", 4), Match("routine", "l", 1)]

    found = standing(problem, Kind.MEDICINE, matches, candidates, travel)

    assert (found.urgent, found.first_tier) == (0.5 + 1, 100 * 0.5 + 10)
    assert (found.served, found.weighted) == (0.5 + 1 + 0.25, 100 * 0.5 + 10 + 0.25)


def test_any_way_of_matching_is_judged_by_the_checker():
    problem = make.problem()
    travel = Travel(problem)
    candidates = candidates_of(problem, Kind.MEDICINE, travel)

    sound, greedy = (
        standing(problem, Kind.MEDICINE, [make.packs(packs)], candidates, travel)
        for packs in (10, 11)
    )

    assert (sound.broken, greedy.broken) == (0, 1)
