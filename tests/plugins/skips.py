"""With MEDSHARE_NO_SKIPS a skipped test fails the run; the runner reads the names from a file."""

import os
from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and (path := os.environ.get("MEDSHARE_SKIPS_FILE")):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{_described(report)}\n" for report in skipped)
    if skipped and os.environ.get("MEDSHARE_NO_SKIPS") == "1" and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _described(report):
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return f"{report.nodeid} ({reason.removeprefix('Skipped: ')})"
