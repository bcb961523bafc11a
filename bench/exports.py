"""`python -m bench.exports`: facts of use by the million as CSV and XLSX, against SQL and csv.

Each file is written by a process of its own, whose largest memory and CPU are measured; the floor
is a cursor of the driver and ``csv.writer``, without Django.
"""

import argparse
import contextlib
import csv
import json
import os
import resource
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import machine  # noqa: E402 - the scripts are no package
import postgresql  # noqa: E402

WAYS = ("floor", "csv", "xlsx")
MOST_MB, BARS = 200, {"csv": 6.0, "xlsx": 12.0}
TABLE = "reports_usagefact"


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    parser.add_argument("--var", default=str(ROOT / "var" / "bench"))
    parser.add_argument("--one", choices=WAYS, help="write one file, and say what it cost")
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(_one(wanted.one)))
        return
    Path(wanted.var).mkdir(parents=True, exist_ok=True)
    kinds = ["sqlite", "postgresql"] if wanted.database == "both" else [wanted.database]
    for kind in kinds:
        with contextlib.ExitStack() as stack:
            environment = _environment(_url(kind, wanted, stack), wanted.var)
            _run(["-c", FILL, str(wanted.rows)], environment)
            _print(kind, {way: _run(["-m", "bench.exports", "--one", way], environment)
                          for way in WAYS})  # fmt: skip


def _url(kind: str, wanted, stack) -> str:
    if kind == "postgresql":
        return stack.enter_context(postgresql.cluster(machine.postgresql()))
    return f"sqlite:///{Path(wanted.var) / 'exports.sqlite3'}"


def _environment(url: str, folder: str) -> dict:
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "medshare_portal.settings",
        "MEDSHARE_VAR": folder,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "EMAIL_URL": "consolemail://",
    }


def _run(arguments: list[str], environment: dict) -> dict:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _one(way: str) -> dict:
    """Write all facts to nowhere; the process is ours alone, so that its peak is the file's."""
    import django  # noqa: PLC0415 - only the processes that write need it

    django.setup()
    from medshare_portal.spreadsheets import download  # noqa: PLC0415
    from reports.models import UsageFact  # noqa: PLC0415
    from reports.queries.use_rows import COLUMNS, use_rows  # noqa: PLC0415

    before, started = time.process_time(), time.perf_counter()
    size = 0
    if way == "floor":
        size = _floor(list(COLUMNS.values()))
    else:
        rows = UsageFact.objects.in_city_view().current()
        for piece in download(use_rows(rows), "facts", way).streaming_content:
            size += len(piece)
    return {
        "cpu": time.process_time() - before,
        "seconds": time.perf_counter() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "size_mb": size / 2**20,
    }


class _Counted:
    size = 0

    def write(self, text: str) -> None:
        self.size += len(text.encode())


def _floor(columns: list[str]) -> int:
    """The same rows and columns by the driver's own cursor."""
    from django.db import connection  # noqa: PLC0415 - only the processes that write need it

    connection.ensure_connection()
    sql = (
        f"SELECT {', '.join(columns)} FROM {TABLE} f WHERE NOT EXISTS (SELECT 1 FROM {TABLE} n "
        "WHERE n.request_key = f.request_key AND n.version > f.version) ORDER BY f.id DESC"
    )
    out = _Counted()
    with _cursor(connection) as cursor:
        cursor.execute(sql)
        writer = csv.writer(out)
        writer.writerow(columns)
        while rows := cursor.fetchmany(2000):
            writer.writerows(rows)
    return out.size


def _cursor(connection):
    """One that does not fetch everything at once."""
    plain = connection.connection
    if connection.vendor == "postgresql":
        return plain.cursor("floor", withhold=True)
    return contextlib.closing(plain.cursor())


def _print(kind: str, found: dict) -> None:
    floor = found["floor"]["cpu"]
    print(f"\n### exports, {kind}\n")
    print("| file | CPU s | ratio | bar | seconds | peak MB | bar | size MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for way, one in found.items():
        bar = BARS.get(way)
        ratio = one["cpu"] / floor
        met = "" if bar is None else f"≤ {bar}× {'met' if ratio <= bar else 'missed'}"
        small = "met" if one["peak_mb"] <= MOST_MB else "missed"
        print(
            f"| {way} | {one['cpu']:.1f} | {ratio:.1f}× | {met} | {one['seconds']:.1f} "
            f"| {one['peak_mb']:.0f} | ≤ {MOST_MB} {small} | {one['size_mb']:.0f} |",
            flush=True,
        )


FILL = """
import json, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from bench.facts import fill
print(json.dumps({"rows": fill(int(sys.argv[1]))}))
"""


if __name__ == "__main__":
    main()
