"""`make bench`: each page's cost as a ratio to the floor, on SQLite and PostgreSQL.

The demo cities are made once under var/bench (SQLite) and for every run (PostgreSQL, in a
cluster of its own), unless --url names a database that holds one already.
"""

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

from bench.table import growth_table, markdown

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import machine  # noqa: E402 - the scripts are no package
import postgresql  # noqa: E402

GROWTH = ("city", "metro")


def arguments():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    parser.add_argument("--scale", choices=["small", "city", "metro"], default="city")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=60, help="per page and round")
    parser.add_argument("--only", action="append", help="a page by its name; else all of them")
    parser.add_argument("--growth", action="store_true", help="also metro, compared with city")
    parser.add_argument("--url", action="append", default=[], metavar="NAME=URL",
                        help="a database with a demo city: city-sqlite=sqlite:////…")  # fmt: skip
    parser.add_argument("--var", default=str(ROOT / "var" / "bench"), help="where it keeps things")
    parser.add_argument("--json", help="write the figures to this file too")
    return parser.parse_args()


def main():
    wanted = arguments()
    folder = Path(wanted.var)
    folder.mkdir(parents=True, exist_ok=True)
    scales = GROWTH if wanted.growth else (wanted.scale,)
    figures = {}
    with contextlib.ExitStack() as stack:
        urls = dict(pair.split("=", 1) for pair in wanted.url)
        for name in [f"{scale}-{kind}" for kind in _kinds(wanted) for scale in scales]:
            url = urls.get(name) or _made(name, folder, stack)
            figures[name] = _measured(url, wanted, folder)
            print(f"\n### {name}\n\n{markdown(figures[name])}", flush=True)
    if wanted.growth:
        for kind in _kinds(wanted):
            print(f"\n### {kind}: from city to metro\n")
            print(growth_table(*(figures[f"{scale}-{kind}"] for scale in GROWTH)), flush=True)
    if wanted.json:
        Path(wanted.json).write_text(json.dumps(figures, indent=2) + "\n")


def _kinds(wanted):
    return ["sqlite", "postgresql"] if wanted.database == "both" else [wanted.database]


def _environment(url, folder):
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "medshare_portal.settings",
        "MEDSHARE_DEMO": "1",
        "MEDSHARE_VAR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "EMAIL_URL": "consolemail://",
        "PYTHONHASHSEED": "0",
    }


def _made(name, folder, stack):
    """A database with a demo city of that scale; SQLite's is kept for the next run."""
    scale, _dash, kind = name.partition("-")
    if kind == "sqlite":
        path = folder / f"{scale}.sqlite3"
        url = f"sqlite:///{path}"
        if path.exists():
            return url
    else:
        url = stack.enter_context(postgresql.cluster(machine.postgresql()))
    print(f"making the demo city “{scale}” for {kind} …", file=sys.stderr, flush=True)
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["seed_demo", "--scale", scale]):
        _manage(command, _environment(url, folder))
    return url


def _manage(command, environment):
    subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True,
        stdout=sys.stderr,
    )  # fmt: skip


def _measured(url, wanted, folder):
    environment = _environment(url, folder)
    _manage(["collectstatic", "--no-input", "--verbosity", "0"], environment)
    asked = {"rounds": wanted.rounds, "requests": wanted.requests, "folder": str(folder)}
    asked["only"] = wanted.only
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", json.dumps(asked)],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
