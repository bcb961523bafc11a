"""A PostgreSQL cluster that lives as long as a `with` block: free loopback port, own folder; and a
standby that follows one."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS_TO_START = 60


class CannotStart(Exception):
    """The cluster did not start; the message holds its log."""


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Start a throw-away cluster and yield its URL.

    It writes through to the disk as production does: the portal refuses a server that does not.
    """
    with _served(programs, _initialise) as (port, _server):
        yield f"postgres://medshare@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def standby(programs: Path, primary: int) -> Iterator[tuple[int, Callable[[], None]]]:
    """A hot standby that streams from the cluster at the port ``primary``: its own port, and a
    function that ends it.  Raises CannotStart, also where the primary lends no replication."""

    def copy(programs: Path, folder: Path, account: dict) -> None:
        command = [
            *(programs / "pg_basebackup", "--host", "127.0.0.1", "--port", str(primary)),
            *("--username", "medshare", "--pgdata", folder / "data", "--write-recovery-conf"),
            *("--wal-method", "stream", "--checkpoint", "fast", "--no-sync"),
        ]
        _run(command, folder, account)

    with _served(programs, copy) as (port, server):
        yield port, lambda: _end(server)


@contextlib.contextmanager
def _served(programs: Path, fill: Callable[[Path, Path, dict], None]):
    """(port, process) of a server over a folder that ``fill`` fills; the folder goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="medshare-postgresql-"))
    account = _account()
    if account:
        shutil.chown(folder, account["user"], account["group"])
    server = None
    try:
        fill(programs, folder, account)
        port = _free_port()
        server = _start(programs, folder, port, account)
        _await(server, folder)
        yield port, server
    finally:
        if server:
            _end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict:
    """PostgreSQL refuses to run as root: return another account for it, or nothing."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise CannotStart("no account other than root to run PostgreSQL as")


def _initialise(programs: Path, folder: Path, account: dict) -> None:
    command = [
        *(programs / "initdb", "--pgdata", folder / "data", "--username", "medshare"),
        *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
    ]
    _run(command, folder, account)


def _run(command: list, folder: Path, account: dict) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **account
    )
    if done.returncode:
        raise CannotStart(done.stderr or done.stdout)


def _start(programs: Path, folder: Path, port: int, account: dict) -> subprocess.Popen:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 200,
        "shared_buffers": "256MB",
        "wal_keep_size": "1GB",  # a standby finds what others wrote while it was copied
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **account,
        )


def _await(server: subprocess.Popen, folder: Path) -> None:
    """Wait for the line in the log: the port opens before the server takes connections."""
    deadline = time.monotonic() + SECONDS_TO_START
    log = folder / "log"
    while "system is ready to accept" not in log.read_text(errors="replace"):
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(log.read_text(errors="replace"))
        time.sleep(0.1)


def _end(server: subprocess.Popen) -> None:
    """Fast shutdown; then immediate; then by force."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
