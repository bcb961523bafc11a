"""The process in which a round is computed, apart from the jobs and the web: what crashes there,
or takes long, is in nobody's way."""

import subprocess
import sys

from django.conf import settings

_children: list[subprocess.Popen] = []


def launch(pk: int) -> None:
    """Start ``manage.py compute_round``; its end is seen from the row of the round."""
    _children[:] = [child for child in _children if child.poll() is None]  # reaps what has ended
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "compute_round", str(pk)]
    _children.append(subprocess.Popen(command))  # noqa: S603 – our own command and a number
