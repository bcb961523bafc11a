"""Makes `.venv` and installs into it what pyproject.toml names, as constraints.txt pins it.

Only the standard library: this runs before anything is installed. Called as
`python3 scripts/environment.py [extra …]`; does nothing when the environment is up to date.
"""

import hashlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class CannotPrepare(Exception):
    """The environment cannot be made here; the message says what to install."""


def ensure(*extras: str) -> Path:
    """Return the interpreter of an up-to-date environment, making or updating it first.

    An environment made for the tests also serves the demo: it holds more, not less.
    """
    if not (PYTHON.exists() and any(stamp.is_file() for stamp in _stamps(extras))):
        _make()
        _install(extras)
        _stamp(extras).touch()
    return PYTHON


def _stamps(extras):
    yield _stamp(extras)
    if not extras:
        yield _stamp(("test",))


def _stamp(extras) -> Path:
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    name = "-".join(["installed", *extras, digest.hexdigest()[:16]])
    return VENV / name


def _make() -> None:
    if _has_pip():
        return
    print("Making .venv …", flush=True)
    for attempt in (_by_venv, _by_virtualenv, _by_system_pip):
        if attempt() and _has_pip():
            return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise CannotPrepare(
        f"Python {version} at {sys.executable} can make no virtual environment: it lacks the"
        f" ensurepip module, and there is neither virtualenv nor a pip to stand in.\n"
        f"On Debian and Ubuntu: apt-get install python3-venv"
    )


def _has_pip() -> bool:
    return PYTHON.exists() and _quietly(PYTHON, "-m", "pip", "--version")


def _by_venv() -> bool:
    return _quietly(sys.executable, "-m", "venv", "--clear", VENV)


def _by_virtualenv() -> bool:
    return _quietly(sys.executable, "-m", "virtualenv", "--clear", VENV)


def _by_system_pip() -> bool:
    """Debian without python3-venv still has venv itself; only the bundled pip is missing."""
    return _quietly(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV) and _quietly(
        sys.executable, "-m", "pip", "--python", PYTHON, "install", "pip"
    )


def _quietly(*command) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _install(extras) -> None:
    print("Installing (a few minutes the first time) …", flush=True)
    command = [
        *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-input", "--constraint", ROOT / "constraints.txt"),
        *requirements(extras),
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise CannotPrepare(
            "pip could not install the dependencies (see above). It needs a package index:"
            " set PIP_INDEX_URL, and PIP_CERT behind a proxy with its own certificate."
        )
    for stale in VENV.glob("installed-*"):
        stale.unlink()


def requirements(extras=()) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = list(project["dependencies"])
    for extra in extras:
        names += project["optional-dependencies"][extra]
    return names


def clean_environment(**values: str) -> dict[str, str]:
    """Return this process's environment without what would lead `.venv` astray, plus `values`."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    return {**kept, "PYTHONUNBUFFERED": "1", **values}


def main() -> int:
    try:
        ensure(*sys.argv[1:])
    except CannotPrepare as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
