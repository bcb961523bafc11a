"""The rules of tests/conftest.py bite: each is shown a fault."""

import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines

from tests.plugins.sockets import NetworkRefused
from tests.plugins.templates import UnknownVariable


def rendered(source, folder):
    origin = Origin(str(Path(folder) / "page.html"))
    engine = engines["django"].engine
    return Template(source, origin=origin, engine=engine).render(Context({"known": "yes"}))


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_a_socket_to_another_host_is_refused(host):
    with pytest.raises(NetworkRefused):
        socket.create_connection((host, 80), timeout=1)


def test_a_socket_to_this_machine_is_allowed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize("source", ["{{ unknown }}", "{{ known.unknown|upper }}"])
def test_an_unknown_variable_in_our_template_fails(source):
    with pytest.raises(UnknownVariable, match="unknown"):
        rendered(source, settings.BASE_DIR)


def test_an_unknown_variable_in_another_package_is_empty_as_django_has_it(tmp_path):
    assert rendered("[{{ unknown }}]", tmp_path) == "[]"


def test_asking_whether_a_variable_is_there_is_allowed():
    assert (
        rendered("{% if unknown %}no{% else %}{{ known }}{% endif %}", settings.BASE_DIR) == "yes"
    )


DEMONSTRATION = """
import logging
import pytest

def test_quiet():
    logging.getLogger("portal").warning("unusual")

def test_loud():
    logging.getLogger("portal").error("broken")

def test_expected(logged_errors):
    logging.getLogger("portal").error("broken on purpose")
    assert [record.message for record in logged_errors] == ["broken on purpose"]

@pytest.mark.skip(reason="to show it")
def test_skipped():
    pass
"""


@pytest.mark.parametrize(
    ("strict", "selected", "code"),
    [
        ("0", "skipped", 0),
        ("1", "skipped", 1),
        ("1", "quiet", 0),
        ("1", "expected", 0),
        ("0", "loud", 1),
    ],
)
def test_an_unexpected_error_in_the_log_and_in_ci_a_skip_fail_the_run(
    pytester, monkeypatch, strict, selected, code
):
    monkeypatch.setenv("MEDSHARE_NO_SKIPS", strict)
    monkeypatch.setenv("MEDSHARE_SKIPS_FILE", str(pytester.path / "skips"))
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    pytester.makepyfile(test_rules=DEMONSTRATION)
    plugins = ["-p", "tests.plugins.logs", "-p", "tests.plugins.skips", "-p", "no:django"]
    result = pytester.runpytest_subprocess(*plugins, f"test_rules.py::test_{selected}")
    assert result.ret == code
    if selected == "skipped":
        assert (pytester.path / "skips").read_text().endswith("test_skipped (to show it)\n")
