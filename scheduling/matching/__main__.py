"""``python -m scheduling.matching``: solve, check, compare and explain problem files without the
portal."""

import argparse
import json
import math
import os
import sys
from pathlib import Path
from typing import TextIO

from scheduling.matching.checker import check
from scheduling.matching.codec import FormatError
from scheduling.matching.explained import explained
from scheduling.matching.own_first import own_first
from scheduling.matching.plan import Control, KindPlan, Plan, Progress
from scheduling.matching.problem import Problem
from scheduling.matching.problem_json import inputs_hash, read_plan, read_problem, write_plan
from scheduling.matching.schema import problem_schema
from scheduling.matching.solve import solve
from scheduling.matching.standing import compared

OK, NOT_SOUND, BAD_INPUT = 0, 1, 2
LARGEST_SEED = 2**31 - 1
LONGEST = 7 * 24 * 3600  # seconds


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        return asked.run(asked)
    except FormatError as error:
        print(f"{asked.reading}: {error}", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scheduling.matching", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="solve|check|compare|explain|schema")
    solving = commands.add_parser("solve", help="propose who gets what")
    _takes_problem(solving, _solve)
    solving.add_argument("--out", type=Path, help="write the plan there; else to standard output")
    checking = commands.add_parser("check", help="does a plan keep every hard rule?")
    _takes_problem(checking, _check)
    checking.add_argument("plan", type=Path)
    comparing = commands.add_parser("compare", help="beside first come and urgency first")
    _takes_problem(comparing, _compare)
    explaining = commands.add_parser("explain", help="why who got what, or nothing")
    _takes_problem(explaining, _explain)
    explaining.add_argument("plan", type=Path)
    explaining.add_argument("names", nargs="*", help="of needs or offers; else all unmet needs")
    schema = commands.add_parser("schema", help="print the JSON Schema of a problem")
    schema.set_defaults(run=_schema)
    for command in (solving, comparing, explaining):
        command.add_argument("--seed", type=_seed, default=1)
        command.add_argument("--time-limit", type=_seconds, default=60.0, help="seconds per kind")
    return parser


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"must be a whole number of 0 to {LARGEST_SEED}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST:  # NaN is not either
        raise argparse.ArgumentTypeError(f"must be a number above 0, at most {LONGEST}")
    return seconds


def _takes_problem(parser: argparse.ArgumentParser, run) -> None:
    parser.add_argument("problem", type=Path)
    parser.set_defaults(run=run)


def _read(asked) -> Problem:
    asked.reading = asked.problem  # what a fault is told of
    return own_first(read_problem(asked.problem.read_bytes()))


def _read_both(asked) -> tuple[Problem, Plan]:
    problem, asked.reading = _read(asked), asked.plan
    plan = read_plan(asked.plan.read_bytes())
    if plan.inputs_hash != inputs_hash(problem):
        print("note: the plan was made for other inputs", file=sys.stderr)
    return problem, plan


def _control(asked) -> Control:
    return Control(seed=asked.seed, seconds=asked.time_limit, report=_tell)


def _solve(asked) -> int:
    problem = _read(asked)
    if asked.out:
        asked.out.open("a").close()  # rather than to find out after an hour
    plan = solve(problem, _control(asked))
    for kind in plan.kinds:
        print(_summary(kind), file=sys.stderr)
    if asked.out:
        asked.out.write_text(write_plan(plan) + "\n")
    else:
        print(write_plan(plan))
    return OK


def _check(asked) -> int:
    problem, plan = _read_both(asked)
    broken = check(problem, plan.matches)
    for violation in broken:
        print(violation)
    print(f"{len(plan.matches)} matches, {len(broken)} broken rules", file=sys.stderr)
    return NOT_SOUND if broken else OK


def _compare(asked) -> int:
    problem = _read(asked)
    plan = solve(problem, _control(asked))
    print("| kind | plan | weighted | urgent | served | Gini | waste avoided | km | rules broken |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    broken = 0
    for kind in plan.kinds:
        for name, standing in compared(problem, kind).items():
            print(f"| {kind.kind} | {name.replace('_', ' ')} | {standing} |")
            broken += standing.broken
    return NOT_SOUND if broken else OK


def _explain(asked) -> int:
    problem, plan = _read_both(asked)
    found = explained(problem, plan, asked.names, _control(asked))
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return OK


def _schema(asked) -> int:
    print(json.dumps(problem_schema(), indent=1))
    return OK


def _summary(plan: KindPlan) -> str:
    tiers = ", ".join(
        f"{tier.name} {tier.value:.6g}" + (f" (gap {tier.gap:.3%})" if tier.gap is not None else "")
        for tier in plan.tiers
    )
    notes = "".join(f"\n  {note}" for note in plan.notes)
    head = f"{plan.kind}: {plan.status}, {len(plan.matches)} matches, {plan.seconds:.1f} s"
    return f"{head}; {tiers}{notes}"


def _tell(progress: Progress) -> None:
    if sys.stderr.isatty():
        text = f"{progress.kind} {progress.phase} {progress.done:.0%} {progress.served} served"
        print(f"\r{text:<70}", end="", file=sys.stderr, flush=True)


def results_alone() -> TextIO:
    """What is written from Python goes to standard output, what a library of C writes there goes
    to standard error: HiGHS prints a line now and then that would break the JSON of a plan."""
    ours = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return ours


if __name__ == "__main__":
    sys.stdout = results_alone()
    sys.exit(main())
