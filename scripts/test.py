"""`make test`: the whole suite on SQLite and on PostgreSQL, and the journeys in Chromium.

What is missing and cannot be installed is skipped and named on the last line. With
MEDSHARE_NO_SKIPS=1 (CI) a skip is a failure.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import environment
import machine
import postgresql

NOTHING_COLLECTED = 5
PLAIN = "not browser and not race and not long and not bench"
RACES = "(race or long) and not browser"
# Two at once; a module, and all that read one demo city, stay together (tests/plugins/together).
TOGETHER = ("-n", "2", "--dist", "loadgroup")
# Each has a portal and a database of its own: whoever is idle takes the next.
APART = ("-n", "2", "--dist", "worksteal")


@dataclass
class Session:
    """One run of the runner: what was run, how it ended, what was left out."""

    folder: Path
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def run(self, title: str, *arguments: str, **variables: str) -> None:
        print(f"\n=== {title} ===", flush=True)
        started = time.monotonic()
        command = [environment.PYTHON, "-m", "pytest", "-q", "--no-header", *arguments]
        code = subprocess.run(
            command, cwd=environment.ROOT, env=self._environment(variables), check=False
        ).returncode
        print(f"=== {title}: {time.monotonic() - started:.0f} s ===", flush=True)
        if code == NOTHING_COLLECTED:
            self.skipped.append(f"{title} (there are no such tests)")
        elif code:
            self.failed.append(title)

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        # The settings come from the suite, never from the shell that starts it; hundreds of
        # processes that compile every module anew take minutes.
        unset = ("DATABASE_URL", "SECRET_KEY", "EMAIL_URL", "ALLOWED_HOSTS", "HTTPS", "DEBUG")
        unset = (*unset, "PYTHONDONTWRITEBYTECODE")
        values = environment.clean_environment(
            MEDSHARE_VAR=str(self.folder / "var"),
            MEDSHARE_MIGRATED=str(self.folder),
            MEDSHARE_SKIPS_FILE=str(self.skips_file),
            **variables,
        )
        return {k: v for k, v in values.items() if k not in unset or k in variables}

    @property
    def skips_file(self) -> Path:
        return self.folder / "skips"

    def skips(self) -> list[str]:
        lines = self.skips_file.read_text().splitlines() if self.skips_file.exists() else []
        return [*self.skipped, *lines]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="medshare-test-") as folder:
        session = Session(Path(folder))
        chromium = _chromium(session)
        _on_sqlite(session, chromium)
        _on_postgresql(session, chromium)
        return _verdict(session)


def _on_sqlite(session: Session, chromium: str | None) -> None:
    session.run("SQLite", "-m", PLAIN, *TOGETHER)
    session.run("SQLite, races and long tests", "-m", RACES, *APART)
    if chromium:
        session.run("SQLite, journeys", "-m", "browser", *APART, MEDSHARE_CHROMIUM=chromium)


def _on_postgresql(session: Session, chromium: str | None) -> None:
    with contextlib.ExitStack() as stack:
        url = _postgresql(session, stack)
        if not url:
            return
        session.run("PostgreSQL", "-m", PLAIN, *TOGETHER, DATABASE_URL=url)
        session.run("PostgreSQL, races and long tests", "-m", RACES, *APART, DATABASE_URL=url)
        if chromium:
            session.run(
                "PostgreSQL, a journey",
                *("-m", "browser and smoke"),
                DATABASE_URL=url,
                MEDSHARE_CHROMIUM=chromium,
            )


def _chromium(session: Session) -> str | None:
    found = machine.chromium()
    if not found and machine.install("chromium", "fonts-noto-cjk"):
        found = machine.chromium()
    if not found:
        session.skipped.append("Chromium (not found; Debian: apt-get install chromium)")
    return found


def _postgresql(session: Session, stack: contextlib.ExitStack) -> str | None:
    """Return the URL of a server: the one of MEDSHARE_TEST_POSTGRESQL, or a cluster of our own."""
    if given := os.environ.get("MEDSHARE_TEST_POSTGRESQL"):
        return given
    programs = machine.postgresql()
    if not programs and machine.install("postgresql"):
        programs = machine.postgresql()
    if not programs:
        session.skipped.append(
            f"PostgreSQL (no initdb of {machine.OLDEST_POSTGRESQL} or newer;"
            " Debian: apt-get install postgresql)"
        )
        return None
    try:
        return stack.enter_context(postgresql.cluster(programs))
    except (postgresql.CannotStart, OSError) as reason:
        print(reason, file=sys.stderr, flush=True)
        session.skipped.append("PostgreSQL (its cluster did not start, see above)")
        return None


def _verdict(session: Session) -> int:
    skips = session.skips()
    strict = os.environ.get("MEDSHARE_NO_SKIPS") == "1"
    print(f"\nfailed: {'; '.join(session.failed)}" if session.failed else "\nnothing failed")
    print(f"skipped: {'; '.join(skips)}" if skips else "everything ran", flush=True)
    return 1 if session.failed or (skips and strict) else 0


if __name__ == "__main__":
    sys.exit(main())
