"""`make demo`: from a bare checkout to a served demo city; Ctrl-C ends it.

Environment: PORT (8000), MEDSHARE_VAR (`var/`), DATABASE_URL, EMAIL_URL, SECRET_KEY, ALLOWED_HOSTS;
each has a default that suits one machine.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import environment

SECONDS_TO_ANSWER = 60
SECONDS_TO_END = 10


class Stopped(Exception):
    """Somebody asked us to end."""


def main() -> int:
    os.chdir(environment.ROOT)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        return _run(reset="--reset" in sys.argv[1:])
    except (environment.CannotPrepare, CannotServe) as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    except Stopped:
        print("\nEnded. `make demo` continues where you left off.", flush=True)
        return 0


class CannotServe(Exception):
    """The demo cannot be served; the message says why and what to do."""


def _stop(number, frame):
    raise Stopped


def _run(*, reset: bool) -> int:
    port = _free_port()
    environment.ensure()
    settings = _settings(port)
    if reset:
        _forget(settings)
    _call(settings, "scripts/prepare_demo.py")
    return _serve(settings, port)


def _free_port() -> int:
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        raise CannotServe(f"PORT is {os.environ['PORT']!r}; it must be a number.") from None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CannotServe(
                f"Port {port} cannot be used ({error}). Is another `make demo` running?"
                f" To use another port: make demo PORT={min(port, 65534) + 1}"
            ) from None
    return port


def _settings(port: int) -> dict[str, str]:
    var = _var()
    defaults = {
        "SECRET_KEY": _secret_key(var),
        "DATABASE_URL": _file_url("sqlite", var / "medshare.sqlite3"),
        "EMAIL_URL": _file_url("filemail", var / "mail"),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
    }
    chosen = {name: os.environ.get(name) or value for name, value in defaults.items()}
    return environment.clean_environment(
        **chosen,
        DJANGO_SETTINGS_MODULE="medshare_portal.settings",
        DEBUG="false",
        MEDSHARE_DEMO="1",
        MEDSHARE_VAR=str(var),
        PORT=str(port),
    )


def _file_url(scheme: str, path: Path) -> str:
    """Return e.g. sqlite:////home/me/my%20city/var/x: a folder's name may hold any character."""
    return f"{scheme}:///{urllib.parse.quote(str(path))}"


def _var() -> Path:
    var = Path(os.environ.get("MEDSHARE_VAR") or environment.ROOT / "var").resolve()
    (var / "mail").mkdir(parents=True, exist_ok=True)
    return var


def _secret_key(var: Path) -> str:
    """A key made once: sessions outlive a restart."""
    path = var / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii")


def _forget(settings: dict[str, str]) -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotServe(
            "make demo-reset removes only the demo's own SQLite file; DATABASE_URL names another"
            " database. Drop and create that one yourself, then run make demo."
        )
    var = Path(settings["MEDSHARE_VAR"])
    folders = [var / name for name in ("mail", "media", "seeding", "imports", "audit-heads")]
    for path in [*var.glob("medshare.sqlite3*"), *folders]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (var / "mail").mkdir()


def _call(settings: dict[str, str], *arguments: str) -> None:
    command = [str(environment.PYTHON), *arguments]
    if subprocess.run(command, env=settings, check=False).returncode:
        raise CannotServe(f"`{' '.join(arguments)}` failed, see above.")


def _serve(settings: dict[str, str], port: int) -> int:
    children = [
        _start(settings, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py",
               "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "medshare_portal.wsgi"),
        _start(settings, "manage.py", "jobs"),
    ]  # fmt: skip
    try:
        _await_answer(port, children)
        _announce(settings, port)
        return _watch(children)
    finally:
        _end(children)


def _start(settings: dict[str, str], *arguments: str) -> subprocess.Popen:
    """Start a child that leaves Ctrl-C to us, so that both end in order and without a traceback."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.Popen([str(environment.PYTHON), *arguments], env=settings)
    finally:
        signal.signal(signal.SIGINT, before)


def _await_answer(port: int, children: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CannotServe("The server or its jobs ended at once, see above.")
        if _answers(port):
            return
        time.sleep(0.2)
    raise CannotServe(f"The server did not answer within {SECONDS_TO_ANSWER} s.")


def _answers(port: int) -> bool:
    try:
        with _DIRECT.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


# Never through the proxy that a machine's environment may name.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _announce(settings: dict[str, str], port: int) -> None:
    print(f"\nMedShare is at  http://127.0.0.1:{port}/\n", flush=True)
    _call(settings, "manage.py", "demo_accounts")
    print("\nCtrl-C ends it and keeps the data; make demo-reset begins anew.", flush=True)


def _watch(children: list[subprocess.Popen]) -> int:
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    raise CannotServe("The server or its jobs ended unexpectedly, see above.")


def _end(children: list[subprocess.Popen]) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
