"""manage.py replay_round: a stored round solved again gives the same plan, or says what differs."""

import zlib
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scheduling.actions.rounds import computing, ordering
from scheduling.actions.rounds.storing import replay_of
from scheduling.matching import revising
from scheduling.matching.problem_json import write_plan, write_problem
from scheduling.matching.solve import solve
from scheduling.models import MatchingRun, Proposal, RunRecord
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = ("equipment", "medicine", "staff")


def three_kinds(now, owner, borrower) -> None:
    """Two of each kind on offer and three needs for them."""
    for _number in range(2):
        device = make.equipment(owner, last_safety_test=now.date())
        make.offer(device, now=now, intervals=[(now, now + 7 * DAY)])
        make.offered_lot(owner, stock=15, search_text="insulin glargine")
    person = make.compliant(owner, borrower)
    make.medicine_use(borrower, 20)
    for number in range(3):
        start = now + (60 + number) * HOUR
        make.need(borrower, category=device.category, now=now, flexible_hours=3)
        make.need(
            borrower, category=person.category, now=now, starts_at=start, ends_at=start + 8 * HOUR
        )
        make.need(
            borrower, category=None, now=now, kind="medicine", what="Insulin glargine",
            quantity=10, starts_at=None, ends_at=None, needed_by=now + 3 * DAY,
            expires_at=now + 3 * DAY,
        )  # fmt: skip


def computed(now, kinds=KINDS) -> MatchingRun:
    official = make.city_user()
    run = ordering.order(terms=ordering.RoundTerms(kinds=kinds), by=official, now=now)
    ordering.start_waiting(launch=lambda pk: None, now=now)
    assert computing.compute(run=run, clock=lambda: now)
    run.refresh_from_db()
    return run


def replayed(*arguments) -> str:
    out = StringIO()
    call_command("replay_round", *arguments, stdout=out)
    return out.getvalue()


def different(*arguments) -> tuple[str, CommandError]:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("replay_round", *arguments, stdout=out)
    return out.getvalue(), error.value


def forged(run: MatchingRun, *, problem=None, plan=None) -> MatchingRun:
    """Another round with the record of this one, changed: the record itself cannot be."""
    old_problem, old_plan = replay_of(run)
    copy = make.matching_run(inputs_hash=run.inputs_hash, results=run.results)
    RunRecord.unscoped.create(
        run=copy,
        problem=zlib.compress(write_problem(problem or old_problem).encode()),
        plan=zlib.compress(write_plan(plan or old_plan).encode()),
    )
    return copy


def test_a_round_of_all_kinds_replays_to_the_same_plan(now, owner, borrower):
    three_kinds(now, owner, borrower)
    run = computed(now)
    assert set(Proposal.unscoped.values_list("kind", flat=True)) == set(KINDS)
    said = f"R-{run.pk}: same, {Proposal.unscoped.count()} matches, {run.inputs_hash[:12]}\n"
    assert replayed(str(run.number)) == replayed(f"R-{run.pk}") == said


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_that_lacks_a_match_is_told_apart(now, owner, borrower, kind):
    three_kinds(now, owner, borrower)
    run = computed(now, (kind,))
    _problem, plan = replay_of(run)
    (of_kind,) = plan.kinds
    less = replace(plan, kinds=(replace(of_kind, matches=of_kind.matches[1:]),))
    out, error = different(f"R-{forged(run, plan=less).pk}")
    gone = of_kind.matches[0]
    assert f"different: plan of {kind}" in out
    assert f"+ {gone.need} by {gone.offer} × {gone.quantity}" in out
    assert error.returncode == 1


def test_another_input_than_was_recorded_is_told_apart(now, owner, borrower):
    three_kinds(now, owner, borrower)
    run = computed(now, ("equipment",))
    problem, _plan = replay_of(run)
    other = replace(problem, parameters=replace(problem.parameters, fairness=0.25))
    out, _error = different(f"R-{forged(run, problem=other).pk}")
    assert "different: input" in out


def test_other_versions_are_named(now, owner, borrower):
    three_kinds(now, owner, borrower)
    run = computed(now, ("medicine",))
    _problem, plan = replay_of(run)
    copy = forged(run, plan=replace(plan, versions=plan.versions | {"numpy": "0.1"}))
    assert "not as then: numpy 0.1, here " in replayed(f"R-{copy.pk}")


def test_a_plan_that_the_clock_cut_says_so(now, owner, borrower):
    three_kinds(now, owner, borrower)
    run = computed(now, ("medicine",))
    _problem, plan = replay_of(run)
    late = tuple(replace(row, notes=("out_of_time",)) for row in plan.kinds)
    copy = forged(run, plan=replace(plan, kinds=late))
    assert "not as then: medicine ran out of time" in replayed(f"R-{copy.pk}")


def uninsured(device) -> None:
    """Refused by a rule of the workflow that the matcher does not know."""
    device.equipment.indemnity_ref = ""
    device.equipment.save()


def test_what_the_rules_refused_is_replayed_too(city):
    """Both needs are refused by a rule that the matcher does not know, one after the other."""
    uninsured(city.device)
    run = city.computed()
    assert run.results["refused"] == {"EQ-10": 2}
    assert "same, 0 matches" in replayed(f"R-{run.pk}")


def test_what_was_cut_from_the_last_plan_is_cut_from_its_replay(city):
    """More needs than passes: each pass gives the one device to the next of them."""
    for _number in range(3):
        make.need(
            city.borrower, category=city.device.category, now=city.now, priority="urgent",
            justification="Two of ours failed",
        )  # fmt: skip
    uninsured(city.device)
    run = city.computed()
    passes = run.results["passes"]
    assert ([len(pairs) for pairs in passes["struck"]], passes["again"]) == ([1, 1, 1], 2)
    assert not Proposal.unscoped.exists()
    assert "same, 0 matches" in replayed(f"R-{run.pk}")


def test_a_pin_that_the_rules_refuse_is_replayed_too(city):
    """It was kept when the first plan was made, and is not in the last."""
    [row] = Proposal.unscoped.filter(run=city.computed())
    Proposal.unscoped.filter(pk=row.pk).update(pinned=True)
    uninsured(city.device)
    run = city.computed(parent=row.run)
    assert run.results["passes"]["kept"][0]["match"]["need"] == row.need_ref
    assert f"R-{run.pk}: same, 0 matches" in replayed(f"R-{run.pk}")


def test_who_lost_an_offer_to_a_rule_is_served_again_and_the_simple_ways_lack_it_too(
    city, now, monkeypatch
):
    """The round is solved twice: once, and once without fairness; what the rules refuse is
    decided again in its own block."""
    uninsured(city.device)
    farther = make.equipment(
        make.institution("other"), category=city.device.category, last_safety_test=now.date()
    )
    make.offer(farther, now=now, intervals=[(now, now + 7 * DAY)])
    solved = []
    for module in (computing, revising):
        monkeypatch.setattr(
            module, "solve", lambda *given, **by: solved.append(0) or solve(*given, **by)
        )
    run = city.computed()
    [row] = Proposal.unscoped.filter(run=run)
    assert (row.need, row.resource) == (city.urgent, farther)
    assert len(solved) == 2
    compare = run.results["compare"]
    assert (
        compare["plan"]["served"] == compare["urgency_first"]["served"] == {"1": 0, "2": 1, "3": 0}
    )
    assert f"R-{run.pk}: same, 1 matches" in replayed(f"R-{run.pk}")


def test_an_institutions_round_is_found_by_its_number(city):
    terms = ordering.RoundTerms(kinds=("equipment",))
    run = ordering.order(terms=terms, institution=city.borrower, by=city.asker, now=city.now)
    ordering.start_waiting(launch=lambda pk: None, now=city.now)
    computing.compute(run=run, clock=lambda: city.now)
    assert replayed("1", "--at", "borrower").startswith(f"R-{run.pk}: same")
    for arguments in (["1"], ["1", "--at", "owner"], ["R-0"], ["--", "-1"], ["x"], ["9" * 40]):
        _out, error = different(*arguments)
        assert str(error).startswith(("There is no round", f"{arguments[-1]} is neither"))


def test_a_round_without_a_plan_says_so(city):
    run = city.order()
    _out, error = different(f"R-{run.pk}")
    assert "never had a plan" in str(error)
