"""No line of a log has the token of a signed link."""

import logging
import runpy

import pytest
from django.conf import settings

from medshare_portal.logs import OneLineFormatter, masked
from medshare_portal.signed_links import sign

TOKEN = sign("a purpose", ["approve", 12, 3, 4])


@pytest.mark.parametrize("path", ["/answer/", "/shifts/", "/account/reset/MTI/"])
def test_the_token_of_an_address_is_masked(path):
    line = masked(f'"GET {path}{TOKEN}/?x=1 HTTP/1.1" 302')
    assert line == f'"GET {path}…/?x=1 HTTP/1.1" 302'


@pytest.mark.parametrize("path", ["/answer/", "/at/renhe/answer/12/", "/shifts/", "/answers/a/b/"])
def test_other_addresses_are_kept_whole(path):
    assert masked(path) == path


def test_a_refused_link_is_not_in_the_portals_own_log():
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (f"/answer/{TOKEN}/",)})
    assert TOKEN not in OneLineFormatter("{message}", style="{").format(record)


def test_the_servers_log_of_requests_masks_it():
    conf = runpy.run_path(str(settings.BASE_DIR / "deploy/gunicorn.conf.py"))
    made = conf["logger_class"].__new__(conf["logger_class"])

    class Answer:
        status, sent, headers = "302 Found", 10, (("Location", "/answer/"),)

    class Asked:
        headers = (("REFERER", f"https://x/answer/{TOKEN}/"),)

    class Took:
        seconds, microseconds = 0, 900

    environ = {"RAW_URI": f"/answer/{TOKEN}/", "PATH_INFO": f"/answer/{TOKEN}/"}
    environ |= {"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    atoms = made.atoms(Answer, Asked, environ, Took)
    assert "/answer/…/" in atoms["r"]
    assert [name for name, value in atoms.items() if TOKEN in str(value)] == []
