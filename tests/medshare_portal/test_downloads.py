"""Stored files leave as downloads: whole or in parts, under a name in any script."""

import io
from urllib.parse import unquote

import pytest
from django.test import RequestFactory

from medshare_portal.downloads import NotSatisfiable, range_of, safe_name, serve

CONTENT = bytes(range(100))


def answer(name="x.csv", content_type="text/csv", **headers):
    request = RequestFactory().get("/", headers=headers)
    file = io.BytesIO(CONTENT)
    response = serve(
        request, file, size=len(CONTENT), name=name, content_type=content_type, tag="abc"
    )
    body = b"".join(response) if response.streaming else response.content
    assert file.closed
    return response, body


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-9", (0, 9)),
        ("bytes=90-", (90, 99)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=٣-٤", None),
    ],
)
def test_a_single_range_is_understood_all_else_is_the_whole(header, expected):
    assert range_of(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=999-1000", "bytes=-0"])
def test_a_range_beyond_the_file_is_not_satisfiable(header):
    with pytest.raises(NotSatisfiable):
        range_of(header, 100)


def test_a_part_is_206_with_its_place():
    response, body = answer(Range="bytes=10-19")
    assert (response.status_code, body) == (206, CONTENT[10:20])
    assert response["Content-Range"] == "bytes 10-19/100"
    assert response["Content-Length"] == "10"


def test_beyond_the_end_is_416_without_content():
    response, body = answer(Range="bytes=100-")
    assert (response.status_code, body, response["Content-Range"]) == (416, b"", "bytes */100")


def test_the_rest_of_another_file_is_not_sent():
    assert answer(Range="bytes=10-19", **{"If-Range": '"abc"'})[0].status_code == 206
    response, body = answer(Range="bytes=10-19", **{"If-Range": '"older"'})
    assert (response.status_code, body) == (200, CONTENT)


def test_every_answer_is_a_download_that_no_page_renders():
    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=100-"}):
        response, _body = answer(**headers)
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Content-Type"] == "text/csv"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Cache-Control"] == "private, no-store"


def test_a_chinese_name_survives():
    response, _body = answer(safe_name("胸痛中心诊疗规范（2026版）", "pdf"))
    encoded = response["Content-Disposition"].partition("filename*=utf-8''")[2]
    assert unquote(encoded) == "胸痛中心诊疗规范（2026版）.pdf"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd.csv"),
        ('a"b\r\nSet-Cookie: x', "a b  Set-Cookie  x.csv"),
        ("gpj.\u202efdp", "gpj. fdp.csv"),
        ("   ", "file.csv"),
        ("长" * 300, "长" * 120 + ".csv"),
    ],
)
def test_a_name_misleads_nobody(title, name):
    assert safe_name(title, "csv") == name
