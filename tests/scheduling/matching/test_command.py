"""The command line: files in, tables and exit codes out."""

import json
import subprocess
import sys

import pytest

from scheduling.matching.__main__ import main
from scheduling.matching.problem_json import read_plan, write_problem
from tests.make import matching as make


@pytest.fixture
def problem(tmp_path):
    path = tmp_path / "problem.json"
    path.write_text(write_problem(make.problem()))
    return path


def test_a_problem_is_solved_and_its_plan_passes_the_check(problem, tmp_path, capsys):
    out = tmp_path / "plan.json"

    assert main(["solve", str(problem), "--seed", "3", "--out", str(out)]) == 0
    assert main(["check", str(problem), str(out)]) == 0

    plan = read_plan(out.read_text())
    assert (plan.seed, len(plan.matches)) == (3, 3)
    assert "3 matches, 0 broken rules" in capsys.readouterr().err


def test_a_plan_with_a_broken_rule_fails_the_check(problem, tmp_path, capsys):
    out = tmp_path / "plan.json"
    main(["solve", str(problem), "--out", str(out)])
    plan = json.loads(out.read_text())
    for kind in plan["kinds"]:
        for match in kind["matches"]:
            match["quantity"] += 1
    out.write_text(json.dumps(plan))

    assert main(["check", str(problem), str(out)]) == 1

    assert "too_much: mn by l" in capsys.readouterr().out


def test_a_plan_for_other_inputs_is_told_apart(problem, tmp_path, capsys):
    out = tmp_path / "plan.json"
    main(["solve", str(problem), "--out", str(out)])
    problem.write_text(write_problem(make.problem(lots=(make.lot(packs=50),))))

    main(["check", str(problem), str(out)])

    assert "the plan was made for other inputs" in capsys.readouterr().err


def test_the_comparison_has_a_row_per_kind_and_plan(problem, capsys):
    assert main(["compare", str(problem)]) == 0

    rows = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines()]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert cells[0][-1] == "rules broken"
    assert [[*row[:2], row[-1]] for row in cells[2:]] == [
        [kind, plan, "0"]
        for kind in ("medicine", "staff", "equipment")
        for plan in ("plan", "first come", "urgency first")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "horizon: is missing"),
        ('{"version": 9}', "version: is 9"),
        ("NaN", "must be an object"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(problem, capsys, text, said):
    problem.write_text(text)

    assert main(["solve", str(problem)]) == 2

    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "option",
    ["--time-limit=0", "--time-limit=-5", "--time-limit=nan", "--seed=-1", f"--seed={10**20}"],
)
def test_an_impossible_limit_or_seed_is_refused_by_its_name(problem, capsys, option):
    with pytest.raises(SystemExit) as ended:
        main(["solve", str(problem), option])

    assert ended.value.code == 2
    assert option.partition("=")[0] in capsys.readouterr().err


def test_a_fault_of_the_plan_is_said_of_the_plan(problem, tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text("{")

    assert main(["check", str(problem), str(plan)]) == 2

    assert capsys.readouterr().err.startswith(f"{plan}: is not JSON")


def test_a_place_that_cannot_be_written_is_found_out_first(problem, tmp_path, capsys):
    assert main(["solve", str(problem), "--out", str(tmp_path / "none" / "plan.json")]) == 2
    assert capsys.readouterr().err == f"{tmp_path}/none/plan.json: No such file or directory\n"


def test_reasons_are_told_of_needs_and_offers_and_else_of_what_is_unmet(tmp_path, capsys):
    path, out = tmp_path / "problem.json", tmp_path / "plan.json"
    never = make.medicine_need("never", longest_travel_minutes=5)
    path.write_text(write_problem(make.problem(medicine_needs=(make.medicine_need(), never))))
    main(["solve", str(path), "--out", str(out)])

    assert main(["explain", str(path), str(out)]) == 0
    (unmet,) = json.loads(capsys.readouterr().out)
    assert (unmet["need"], unmet["verdict"], unmet["blocked_by"]) == ("never", "no_offer", "travel")
    assert unmet["relaxation"]["amount"] == 15
    main(["explain", str(path), str(out), "mn", "l"])
    matched, supply = json.loads(capsys.readouterr().out)
    assert (matched["verdict"], supply["matched"]) == ("matched", 10)
    assert main(["explain", str(path), str(out), "nobody"]) == 2


def test_a_file_that_is_not_there_is_said_so(tmp_path, capsys):
    assert main(["solve", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_what_a_library_prints_does_not_get_into_the_results():
    program = (
        "import os, sys; from scheduling.matching.__main__ import results_alone;"
        "sys.stdout = results_alone(); os.write(1, b'noise'); print('plan')"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"plan\n", b"noise")
