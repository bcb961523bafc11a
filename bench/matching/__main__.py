"""`make bench-matching`: the matcher on generated cities, beside the bars it must reach.

Every run is a process of its own (``measure``), one at a time, so that memory and CPU are its own.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from bench.matching.bars import BARS, Bar
from scheduling.matching.problem import Kind

ROOT = Path(__file__).resolve().parents[2]
SECONDS = {500: 5.0, 5_000: 45.0}  # of one kind, at most
# Within the bars, with what comes before and after the search: pairs, the checker, the tiers.
OF_LARGE = {Kind.EQUIPMENT: 285.0, Kind.MEDICINE: 55.0, Kind.STAFF: 50.0}
SIZES = [*SECONDS, 50_000]
COSTS = ("seconds", "cpu_seconds", "peak_mb")
MORE = {500: ["reasons"], 5_000: ["reasons", "fairness", "replan"], 50_000: ["reasons"]}


def arguments():
    parser = argparse.ArgumentParser(prog="make bench-matching", description=__doc__)
    parser.add_argument("--size", type=int, action="append", choices=SIZES)
    parser.add_argument("--kind", action="append", choices=[kind.value for kind in Kind])
    parser.add_argument("--seeds", type=int, default=5, help="cities of 5,000 needs; else one each")
    parser.add_argument("--seconds", type=float, help="limit of one kind, instead of the bar's")
    parser.add_argument("--cpu", action="store_true", help="count CPU, where others use it too")
    parser.add_argument("--brief", action="store_true", help="without fairness, shocks, reasons")
    parser.add_argument("--json", type=Path, help="write all figures to this file too")
    return parser.parse_args()


def main():
    wanted = arguments()
    figures: dict[tuple, dict] = {}
    for size in wanted.size or SIZES:
        for kind in wanted.kind or [kind.value for kind in Kind]:
            for seed in range(1, (wanted.seeds if size == 5_000 else 1) + 1):
                figures[size, kind, seed] = _measured(size, kind, seed, wanted)
                print(_line(size, kind, seed, figures[size, kind, seed]), file=sys.stderr)
    print(runs_table(figures), "\n", bars_table(figures), sep="\n")
    if wanted.json:
        rows = [{"size": s, "kind": k, "seed": n} | row for (s, k, n), row in figures.items()]
        wanted.json.write_text(json.dumps(rows, indent=2) + "\n")


def _measured(size: int, kind: str, seed: int, wanted) -> dict:
    asked = {
        "size": size,
        "kind": kind,
        "seed": seed,
        "seconds": wanted.seconds or SECONDS.get(size) or OF_LARGE[Kind(kind)],
        "cpu": wanted.cpu,
        "also": [] if wanted.brief else MORE[size],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.matching.measure", json.dumps(asked)],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _line(size: int, kind: str, seed: int, found: dict) -> str:
    gaps = ", ".join(f"{name} {gap:.4%}" for name, gap in found["gaps"].items() if gap is not None)
    return (
        f"{size} {kind} seed {seed}: {found['status']} in {found['seconds']:.1f} s "
        f"(CPU {found['cpu_seconds']:.1f} s), {found['peak_mb']:.0f} MB, "
        f"gaps: {gaps or 'no bounds'}" + "".join(f"\n  {note}" for note in found["notes"])
    )


def runs_table(figures: dict[tuple, dict]) -> str:
    """One row per run and way of matching."""
    rows = [
        "| needs | kind | seed | plan | weighted | urgent | served | Gini | waste "
        "| rules broken | s | CPU s | MB |",
        "|---:|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (size, kind, seed), found in figures.items():
        for name, row in found["standing"].items():
            mine = name == "plan"  # a baseline's time is of no interest
            cost = [
                f"{found[k]:.1f}" if mine else "" for k in ("seconds", "cpu_seconds", "peak_mb")
            ]
            cells = [
                f"{size:,}", kind, seed, name.replace("_", " "), f"{row['weighted']:,.0f}",
                f"{row['urgent']:,.0f}", f"{row['served']:,.0f}", f"{row['gini']:.3f}",
                f"{row['waste'] / 100:,.0f}", row["broken"], *cost,
            ]  # fmt: skip
            rows.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows)


def bars_table(figures: dict[tuple, dict]) -> str:
    """Each bar of which there is a run."""
    rows = ["| needs | kind | what | found | bar | |", "|---:|---|---|---:|---:|---|"]
    for bar in BARS:
        mine = [found for (s, k, _seed), found in figures.items() if (s, k) == (bar.size, bar.kind)]
        if mine:
            rows.append(_bar_row(bar, [bar.figure(found) for found in mine]))
    return "\n".join(rows)


def _bar_row(bar: Bar, values: list[float | None]) -> str:
    sign = "≥" if bar.least else "≤"
    limit = f"{sign} {bar.limit:g} {bar.unit}".strip()
    if None in values:
        shown, verdict = "–", "not measured"
    else:
        worst = min(values) if bar.least else max(values)
        value = sum(values) / len(values) if bar.mean else worst
        shown = f"{value:.4g} {bar.unit}".strip()
        verdict = "met" if bar.met(value) else "missed"
    return f"| {bar.size:,} | {bar.kind} | {bar.name} | {shown} | {limit} | {verdict} |"


if __name__ == "__main__":
    main()
