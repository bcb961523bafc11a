"""An unknown variable in one of our templates fails the test; other people's may have them."""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import Node


class UnknownVariable(Exception):
    """A template of ours names a variable that its context does not hold."""


class _FailInOurTemplates(str):
    """What Django puts in the place of an unknown variable: `string % variable`, if it has a %s."""

    __slots__ = ()

    def __contains__(self, part):
        return part == "%s"

    def __mod__(self, variable):
        origin = _template_being_rendered()
        if _is_ours(origin):
            raise UnknownVariable(f"{variable!r} in {origin}")
        return ""


def _template_being_rendered():
    """The origin of the innermost node on the stack: Django does not tell it to the string."""
    frame = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if frame.f_code.co_name == "render_annotated" and isinstance(node, Node):
            return getattr(getattr(node, "origin", None), "name", "")
        frame = frame.f_back
    return ""


def _is_ours(origin):
    path, root = Path(origin or "/"), Path(settings.BASE_DIR)
    return path.is_relative_to(root) and not path.is_relative_to(Path(sys.prefix))


@pytest.fixture(autouse=True, scope="session")
def _unknown_variables_fail():
    engines["django"].engine.string_if_invalid = _FailInOurTemplates("unknown: %s")
