"""Who runs the portal finds every job, variable and cookie on the operations page."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from medshare_portal.jobs import registry

BASE = Path(settings.BASE_DIR)
PAGE = (BASE / "docs" / "operations.md").read_text(encoding="utf-8")
READING = {"env", "env.bool", "env.int", "env.list", "env.db", "env.email_url"}
READING |= {"os.environ.get", "os.environ", "environ.get"}


def variables_of(path):
    """Names that a file reads from the environment: ``env("X")``, ``os.environ["X"]``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            door, name = ast.unparse(node.func), node.args[0]
        elif isinstance(node, ast.Subscript):
            door, name = ast.unparse(node.value), node.slice
        else:
            continue
        if door in READING and isinstance(name, ast.Constant):
            yield name.value


def test_every_job_stands_on_the_operations_page():
    assert [entry.name for entry in registry if f"`{entry.name}`" not in PAGE] == []


@pytest.mark.parametrize("name", ["medshare_portal/settings.py", "deploy/gunicorn.conf.py"])
def test_every_variable_stands_on_the_operations_page(name):
    found = set(variables_of(BASE / name))
    assert len(found) > 4  # the walk finds them at all
    assert {variable for variable in found if f"`{variable}`" not in PAGE} == set()


def test_every_cookie_stands_on_the_operations_page():
    cookies = {"medshare_session", "medshare_csrf"}
    cookies |= {f"__Host-{name}" for name in cookies}
    cookies |= {settings.LANGUAGE_COOKIE_NAME, settings.THEME_COOKIE_NAME}
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= cookies
    assert {cookie for cookie in cookies if f"`{cookie}`" not in PAGE} == set()
