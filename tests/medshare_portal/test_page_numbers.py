"""A page number that a list does not have: the last page, 404 and a word on top."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db
LISTS = [
    "/at/renhe/resources/",
    "/at/renhe/offers/",
    "/at/renhe/lending/",
    "/at/renhe/borrowing/",
    "/at/renhe/inbox/",
    "/at/renhe/inbox/?tab=done",
    "/at/renhe/passed-rules/",
    "/at/renhe/audit/",
    "/account/notifications/",
]
ROLES = ("coordinator", "approver")


@pytest.fixture
def reader(client):
    renhe = make.institution("renhe")
    make.equipment(renhe)
    client.force_login(make.user(at=renhe, roles=ROLES, language="en"))
    return client


def with_page(address, number):
    return f"{address}{'&' if '?' in address else '?'}page={number}"


@pytest.mark.parametrize("number", ["2", "0", "-1", "abc", "9" * 30, "1e9", "%00"])
@pytest.mark.parametrize("address", LISTS)
def test_a_page_that_is_not_there_is_said_above_the_one_that_is(reader, address, number):
    answer = reader.get(with_page(address, number))
    asked = number[:20].replace("%00", "\x00")
    assert answer.status_code == 404
    assert f"There is no page “{asked}”: this is page 1." in answer.content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_the_first_page_is_there_and_nothing_is_said(reader, address):
    for number in ("1", ""):
        answer = reader.get(with_page(address, number))
        assert answer.status_code == 200
        assert "There is no page" not in answer.content.decode()


def test_it_is_said_in_the_readers_language(reader):
    reader.post("/language/", {"language": "zh-hans"})
    answer = reader.get("/at/renhe/lending/?page=7")
    assert "没有第“7”页，现显示第 1 页。" in answer.content.decode()
