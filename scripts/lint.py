"""`make lint`: every check that needs no test. All run, so that one run names every fault."""

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import environment

SOURCES = ("medshare_portal", "resources", "scheduling", "reports", "demo", "bench", "tests")
OTHER_SOURCES = ("scripts", "deploy", "manage.py")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="medshare-lint-") as folder:
        failed = [" ".join(check[:2]) for check in _checks() if not _passes(check, Path(folder))]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nlint: all well", flush=True)
    return 1 if failed else 0


def _checks() -> list[tuple[str, ...]]:
    existing = [n for n in (*SOURCES, *OTHER_SOURCES) if (environment.ROOT / n).exists()]
    return [
        ("ruff", "check", "--output-format=concise", *existing),
        ("ruff", "format", "--check", "--output-format=concise", *existing),
        ("djlint", "--check", "templates"),
        ("djlint", "--lint", "--quiet", "templates"),
        ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        ("manage.py", "makemigrations", "--check", "--dry-run"),
        ("manage.py", "messages", "--check"),
    ]


def _passes(check: tuple[str, ...], folder: Path) -> bool:
    program, *arguments = check
    print(f"--- {' '.join(check[:3])}", flush=True)
    start = [program] if program == "manage.py" else ["-m", program]
    return not subprocess.run(
        [environment.PYTHON, *start, *arguments],
        cwd=environment.ROOT,
        env=_production(folder),
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


def _production(folder: Path) -> dict[str, str]:
    """An environment as docs/operations.md asks for: the deployment checks must be clean in it."""
    unset = {"MEDSHARE_DEMO", "DEBUG", "HTTPS", "DJANGO_SETTINGS_MODULE", "REPLICA_URL"}
    values = environment.clean_environment(
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="portal.example",
        PORTAL_URL="https://portal.example",
        DATABASE_URL=f"sqlite:///{folder / 'lint.sqlite3'}",
        EMAIL_URL=f"filemail:///{folder / 'mail'}",
        MEDSHARE_VAR=str(folder),
    )
    return {name: value for name, value in values.items() if name not in unset}


if __name__ == "__main__":
    sys.exit(main())
