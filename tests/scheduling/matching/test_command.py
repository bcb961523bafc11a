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
