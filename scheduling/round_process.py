"""The process in which a round is computed, apart from the jobs and the web: what crashes there,
or takes long, is in nobody's way."""

import subprocess
import sys

from django.conf import settings

_children: dict[int, subprocess.Popen] = {}


def launch(pk: int) -> None:
    """Start ``manage.py compute_round``; its end is seen from the row of the round."""
    if (before := _children.pop(pk, None)) is not None:  # it was thought dead
        before.kill()
        before.wait()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "compute_round", str(pk)]
    _children[pk] = subprocess.Popen(command)  # noqa: S603 – our own command and a number


def ended() -> list[int]:
    """The rounds whose process was started here and has ended since this was asked last: what is
    not stored by then will never be."""
    gone = [pk for pk, child in _children.items() if child.poll() is not None]
    for pk in gone:
        del _children[pk]
    return gone
