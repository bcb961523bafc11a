"""gunicorn with two workers, and what its processes and the database's have spent."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2


@contextlib.contextmanager
def gunicorn(application, environment, log):
    """Serve on a free loopback port; yields (port, pid of the master)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), application),
    ]
    with Path(log).open("ab") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _await(port, server, log)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


def _await(port, server, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(Path(log).read_text()[-3000:])


def family(pid):
    """A process and its children."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _stat(entry.name)[1:2] == [str(pid)]:
            found.append(int(entry.name))
    return found


def seconds_spent(*roots):
    """CPU seconds of the processes and their children, those that ended included."""
    total = 0
    for root in roots:
        for pid in family(root):
            fields = _stat(pid)
            total += sum(map(int, fields[11:13])) if fields else 0
            total += sum(map(int, fields[13:15])) if fields and pid == root else 0
    return total / TICKS


def parent_of(pid):
    return int(_stat(pid)[1])


def _stat(pid):
    """The fields after the name: state, parent, …, utime (11), stime, cutime, cstime."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
