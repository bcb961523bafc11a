"""Every address of the portal against the hand-written table, per role and side."""

from itertools import product

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation
from django.utils.html import escape

from medshare_portal.roles import Role, permissions_of
from tests import make
from tests.access.fingerprints import comparable, fingerprint
from tests.access.table import (
    AT_CITY,
    AT_INSTITUTION,
    BY_SIDE,
    EVERYBODY,
    HOLDERS,
    holders,
)
from tests.access.table_of_people import ACCOUNT, PUBLIC
from tests.access.world import MISSING, SIDES
from tests.make.answers import closed

SEES = {
    "any": {"owner", "borrower", "stranger"},
    "owner": {"owner"},
    "borrower": {"borrower"},
    "both": {"owner", "borrower"},
    "visible": {"owner", "borrower", "stranger"},
    "theirs": {"borrower", "stranger"},
    "helpers": {"owner", "stranger"},
    "nobody": set(),  # a person's own, which none of these is
}
WITH_OBJECT = [row for row in AT_INSTITUTION if row.thing and row.sides != "any"]
WITH_KEY = {"idempotency_key": "a-key-that-nobody-had"}
WRITING = [row for row in AT_INSTITUTION if row.post != 405]


def each(rows):
    return pytest.mark.parametrize("row", rows, ids=str)


def names_of(patterns, prefix=""):
    for pattern in patterns.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from names_of(pattern, prefix + inner)
        else:
            yield f"{prefix}{pattern.name}"


def test_every_address_has_a_row_and_no_row_is_stale():
    rows = [row.name for row in AT_INSTITUTION + AT_CITY] + [*ACCOUNT, *PUBLIC]
    assert len(rows) == len(set(rows))
    assert sorted(rows) == sorted(set(names_of(get_resolver())))


def test_the_roles_hold_what_the_table_says():
    held = {
        kind: {
            permission: tuple(role for role in Role if permission in permissions_of([role], kind))
            for permission in table
        }
        for kind, table in HOLDERS.items()
    }
    assert held == HOLDERS


@each(AT_INSTITUTION)
@pytest.mark.once
def test_each_role_on_each_side_gets_the_answer_of_the_table(world, row):
    numbers = world.numbers(row)
    for side in SIDES:
        world.person(side, *EVERYBODY)
    got, expected, before = {}, {}, fingerprint()
    for side, role in product(SIDES, EVERYBODY):
        person, address = world.person(side, role), world.address(row, side, numbers)
        expected[side, role] = _answers(row, side, role)
        data = {} if expected[side, role][1] == row.post else WITH_KEY
        got[side, role] = (_status(person.get(address)), _status(person.post(address, data)))
    assert got == expected
    for side in SIDES:
        world.person(side, *EVERYBODY)
    assert fingerprint() == before


def _status(response):
    """The status; a streamed file is closed, the test's database connection is not."""
    return closed(response).status_code


def _answers(row, side, role):
    if role not in holders(row.permission, ""):
        return (403, 403)
    lacking = role not in holders(row.permission, row.kind)
    if lacking and (row.kind_is_known or side in SEES[row.sides]):
        return (403, 403)
    if side not in SEES[row.sides]:
        return (405 if row.get == 405 else 404, 405 if row.post == 405 else 404)
    needed = BY_SIDE.get(row.name, {}).get(side)
    if needed and role not in holders(needed, row.kind):
        return (403, 403)
    return (row.get, row.post)


@each(AT_INSTITUTION)
@pytest.mark.once
def test_who_lacks_the_permission_is_told_which_roles_to_ask(world, row):
    may = holders(row.permission, row.kind)
    lacking = [role for role in EVERYBODY if role not in may]
    side = next((side for side in SIDES if side in SEES[row.sides]), "owner")
    for role in lacking[:1]:
        person = world.person(side, role)
        page = person.get(world.address(row, side, world.numbers(row))).content.decode()
        with translation.override("en"):
            missing = [name for name in may if _words(name) not in page]
        assert missing == []


def test_a_refusal_names_colleagues_who_may_do_it(world):
    colleague = make.user(at=world.owner, role="approver")
    page = world.person("owner", "viewer").get("/at/owner/audit/")
    assert page.status_code == 403
    assert colleague.username in page.content.decode()


def _words(role):
    return str(escape(Role(role).label))


@each(AT_INSTITUTION)
@pytest.mark.once
def test_nobody_enters_anothers_institution(world, row):
    numbers = world.numbers(row)
    address = world.address(row, "owner", numbers)
    foreign = [world.person(side, *EVERYBODY) for side in ("stranger", "borrower")]
    foreign.append(world.person("city", "city_official", "registry_admin"))
    before = fingerprint()
    for person in foreign:
        statuses = _status(person.get(address)), _status(person.post(address, WITH_KEY))
        assert statuses == (404, 404)
    assert fingerprint() == before


@each(AT_INSTITUTION + AT_CITY)
@pytest.mark.once
def test_who_is_not_signed_in_is_sent_to_the_sign_in(world, row):
    address = world.address(row, "owner", world.numbers(row))
    before = fingerprint()
    for response in (Client().get(address), Client().post(address)):
        assert (response.status_code, response["Location"]) == (
            302,
            f"{reverse('login')}?next={address}",
        )
    assert fingerprint() == before


@each([row for row in WITH_OBJECT if row.get != 405])
@pytest.mark.once
def test_what_belongs_to_others_looks_as_if_it_did_not_exist(world, row):
    numbers = world.numbers(row)
    blind = next((side for side in SIDES if side not in SEES[row.sides]), "stranger")
    if row.sides == "visible":
        numbers = world.hidden_numbers(row)
    person = world.person(blind, *EVERYBODY)
    missing = {name: MISSING for name in numbers}
    pages = []
    for found in (numbers, missing):
        address = world.address(row, blind, found)
        response = person.get(address)
        assert response.status_code == 404
        pages.append(comparable(response, address))
    assert pages[0] == pages[1]


@each(AT_CITY)
def test_the_citys_pages_are_the_citys(world, row):
    address = world.address(row, "owner", world.numbers(row))
    stranger = world.person("owner", *EVERYBODY)
    assert (stranger.get(address).status_code, stranger.post(address).status_code) == (404, 404)
    for role in HOLDERS[row.kind][row.permission]:
        person = world.person("city", role)
        assert (_status(person.get(address)), _status(person.post(address))) == (row.get, row.post)
    lacking = set(Role.CITY_ROLES) - set(HOLDERS[row.kind][row.permission])
    for role in lacking:
        assert world.person("city", role).get(address).status_code == 403


@each(WRITING)
@pytest.mark.once
def test_a_post_without_the_csrf_token_is_refused(world, row):
    address = world.address(row, "owner", world.numbers(row))
    person = Client(enforce_csrf_checks=True)
    person.force_login(world.person("owner", *EVERYBODY).user)
    before = fingerprint()
    assert person.post(address, {"idempotency_key": "k" * 20}).status_code == 403
    assert fingerprint() == before


@pytest.mark.parametrize("name", ACCOUNT)
def test_a_persons_own_pages_answer_as_the_table_says(world, name):
    person = world.person("owner", *EVERYBODY)
    address = _account_address(world, name, person.user)
    anonymous, signed_in, posted = ACCOUNT[name]
    before = fingerprint()
    assert Client().get(address).status_code == anonymous
    assert person.get(address).status_code == signed_in
    assert fingerprint() == before
    assert person.post(address).status_code == posted


def _account_address(world, name, user):
    kwargs = {}
    if name == "notification-open":
        kwargs = {"pk": world.notification(user).pk}
    if name == "device-label":
        kwargs = {"public_id": world.device.public_id}
    if name == "note-code":
        kwargs = {"code": "000-000-00U"}
    return reverse(name, kwargs=kwargs)


def test_anothers_notification_looks_as_if_it_did_not_exist(world):
    theirs = world.notification(world.person("owner", "approver").user)
    address = reverse("notification-open", args=[theirs.pk])
    assert world.person("borrower", *EVERYBODY).post(address).status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_the_label_of_a_hidden_device_looks_as_if_it_did_not_exist(world):
    address = reverse("device-label", args=[world.hidden_device.public_id])
    assert world.person("borrower", *EVERYBODY).get(address).status_code == 404
    assert world.person("owner", "viewer").get(address).status_code == 302


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_public_answers_as_the_table_says_and_writes_nothing(world, name):
    arguments = {
        "password_reset_confirm": {"uidb64": "MQ", "token": "x-y"},
        "staff-person": {"token": "forged"},
        "answer-link": {"token": "forged"},
    }
    address = reverse(name, kwargs=arguments.get(name, {}))
    _reason, answer, posted = PUBLIC[name]
    before = fingerprint()
    expected = 503 if name == "readyz" and answer != 200 else answer
    assert Client().get(address).status_code == expected
    assert Client().post(address).status_code == posted
    assert fingerprint() == before


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(world):
    person = world.person("owner", "approver")
    address = reverse("portal:audit", args=[world.owner.slug])
    assert person.get(address).status_code == 200
    person.user.groups.clear()
    assert person.get(address).status_code == 404
    make.grant(person.user, "viewer", at=world.owner)
    assert person.get(address).status_code == 403


def test_who_is_no_longer_active_is_out_with_the_next_request(world):
    person = world.person("owner", "approver")
    address = reverse("reports:home", args=[world.owner.slug])
    assert person.get(address).status_code == 200
    person.user.is_active = False
    person.user.save()
    assert person.get(address).status_code == 302


def test_a_closed_institution_has_no_pages(world):
    person = world.person("owner", *EVERYBODY)
    world.owner.status = "suspended"
    world.owner.save()
    assert person.get(reverse("reports:home", args=[world.owner.slug])).status_code == 404
