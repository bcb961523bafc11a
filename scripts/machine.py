"""What this machine has for the tests, and what apt can add where we may."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

OLDEST_POSTGRESQL = 14
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    named = os.environ.get("MEDSHARE_CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in CHROMIUM_NAMES]
    return next((path for path in candidates if path and _runs(path, "--version")), None)


def postgresql() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, if it is new enough."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    usable = [(_major(folder), folder) for folder in folders]
    newest = max(usable, default=(0, None))
    return newest[1] if newest[0] >= OLDEST_POSTGRESQL else None


def _major(folder: Path) -> int:
    answer = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    number = answer.stdout.rpartition(") ")[2].partition(".")[0]
    return int(number) if number.isdigit() else 0


def _runs(*command: str) -> bool:
    """Ubuntu's `chromium` may be a script that only says how to get a snap."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install(*packages: str) -> bool:
    """Install Debian packages if we are root on a machine with apt; say so."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing with apt: {' '.join(packages)} …", flush=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return _lists_are_fresh() and _apt(command)


@cache
def _lists_are_fresh() -> bool:
    return _apt(["apt-get", "update", "-qq"])


def _apt(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-2000:], file=sys.stderr, flush=True)
    return done.returncode == 0
