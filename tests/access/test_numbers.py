"""A number in an address that no row can have: not found, and never an error of the database."""

import re
from itertools import product

import pytest
from django.test import Client
from django.urls import get_resolver

from medshare_portal.roles import Role
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
TOO_LARGE = str(10**25)
NUMBER = re.compile(r"<int:\w+>")


def addresses(patterns, prefix=""):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, path)
        elif NUMBER.search(path):
            yield path


ADDRESSES = sorted(
    {path for path in addresses(get_resolver().url_patterns) if not path.startswith("admin/")}
)


def filled(path: str, slug: str) -> list[str]:
    """With numbers that are small or too large, at least one of them too large."""
    path = "/" + re.sub(r"<slug:\w+>", slug, path, count=1)
    path = re.sub(r"<(?:str|slug):\w+>", "x", path)
    numbers = product(("1", TOO_LARGE), repeat=len(NUMBER.findall(path)))
    found = []
    for values in numbers:
        if TOO_LARGE in values:
            left = iter(values)
            found.append(NUMBER.sub(lambda _match, left=left: next(left), path))
    return found


def test_no_address_fails_at_a_number_that_is_too_large():
    """Every role of an institution, and the city; a client of the tests raises what would be 500."""
    home = make.institution("home")
    roles = [role for role in Role if role not in Role.CITY_ROLES]
    inside, city = Client(), Client()
    inside.force_login(make.user(at=home, roles=roles))
    city.force_login(make.city_user())
    answers = {}
    for path in ADDRESSES:
        client = city if path.startswith("city/") else inside
        for address in filled(path, "home"):
            answers[address] = closed(client.get(address)).status_code
    assert len(answers) > 150
    of_no_row = {address for address in answers if address.endswith("/offer/hours/")}
    assert {answers[address] for address in of_no_row} == {200}  # it reads what was typed only
    assert {answers[address] for address in answers.keys() - of_no_row} <= {302, 403, 404, 405}
