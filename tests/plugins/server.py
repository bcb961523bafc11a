"""The portal under gunicorn, as in production: to be raced, visited and killed."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.plugins.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_ANSWER = 60
BOOTED = re.compile(r"Booting worker with pid: (\d+)")
ALARMING = re.compile(r"\b(ERROR|CRITICAL)\b|^Traceback", re.MULTILINE)
OF_A_KILL = re.compile(r"was sent SIG(KILL|TERM)|exited with code")


class Portal:
    """A server on a free loopback port with its own database (see `connected_to`)."""

    def __init__(self, environment, folder):
        self.environment = environment
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.may_log_errors = False
        self._log = folder / "gunicorn.log"
        self._server = None
        self._killed = False

    def start(self, *, workers=2, threads=1):
        arguments = [
            *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
            *("--bind", f"127.0.0.1:{self.port}", "--log-level", "info"),
            *("--workers", str(workers), "--threads", str(threads)),
            # One import for all workers: a suite starts more than a hundred servers.
            *("--preload", "medshare_portal.wsgi"),
        ]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                arguments,
                cwd=ROOT,
                env=self.environment | {"PORTAL_URL": self.url},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.await_answer()
        return self

    def await_answer(self):
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not self._answers():
            assert self._server.poll() is None, f"gunicorn ended:\n{self.log}"
            assert time.monotonic() < deadline, f"no answer in {SECONDS_TO_ANSWER} s:\n{self.log}"
            time.sleep(0.05)

    def _answers(self):
        try:
            return Visitor(self.url, timeout=5).get("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self):
        """End the server in order; it may be started again with the same database."""
        if self._server and self._server.poll() is None:
            self._server.terminate()
            try:
                self._server.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """`kill -9` of the server and all its workers, as a machine that loses its power."""
        pids = [self._server.pid, *self.worker_pids()]
        for pid in pids:
            _kill(pid)
        self._server.wait()
        self._killed = True

    def kill_worker(self):
        """`kill -9` of one worker under load; gunicorn starts another. Return its pid."""
        pid = self.worker_pids()[0]
        self._killed = True
        _kill(pid)
        return pid

    def worker_pids(self):
        """The live workers, the oldest first."""
        return [pid for pid in map(int, BOOTED.findall(self.log)) if _lives(pid)]

    @property
    def log(self):
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def alarming_lines(self):
        """The log's lines at ERROR or worse, without those that a kill of ours explains."""
        lines = [line for line in self.log.splitlines() if ALARMING.search(line)]
        return [line for line in lines if not (self._killed and OF_A_KILL.search(line))]

    def visitor(self):
        return Visitor(self.url)

    def manage(self, *arguments, **variables):
        """Run a management command on this portal's database and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | {"PORTAL_URL": self.url} | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stderr}"
        return done.stdout

    def mails(self):
        """The texts of all e-mails sent, the oldest first."""
        files = sorted((self.folder / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_text(encoding="utf-8") for path in files]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
