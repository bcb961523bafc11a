"""The home page per role."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from resources.models import Equipment, Offer
from scheduling.home_cards import ASIDE, MAIN, HomeCard, cards, register
from tests import make
from tests.make import staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


def offered(owner, **fields):
    device = make.equipment(owner, last_safety_test=timezone.now().date(), **fields)
    make.offer(device)
    return device


def home(client, institution, role):
    client.force_login(make.user(at=institution, role=role))
    answer = client.get(f"/at/{institution.slug}/")
    assert answer.status_code == 200
    return answer


def test_what_waits_is_grouped_by_the_time_left(client, owner, borrower, now):
    due = [timezone.now() + HOUR, timezone.now() + 72 * HOUR]
    rows = [
        make.sharing_request(offered(owner), borrower, due_at=moment, agreement_accepted_at=now)
        for moment in due
    ]
    answer = home(client, owner, "approver")
    with translation.override("en"):
        groups = [
            (str(label), [row.task.request.pk for row in found])
            for label, found in answer.context["groups"]
        ]
    assert groups == [("Within 2 hours", [rows[0].pk]), ("Later", [rows[1].pk])]
    assert answer.context["waiting_count"] == 2


@pytest.mark.parametrize(
    ("role", "sections"),
    [
        ("coordinator", {"answers", "offers"}),
        ("approver", {"answers", "tasks"}),
        ("biomedical_engineer", {"answers", "maintenance"}),
        ("viewer", set()),
    ],
)
def test_each_role_gets_its_own_sections(client, owner, borrower, now, role, sections):
    device = offered(owner)
    make.sharing_request(device, borrower, agreement_accepted_at=now)
    Offer.unscoped.update(confirmed_at=now - timedelta(days=9))
    Equipment.unscoped.update(next_pm_due=now.date())
    context = home(client, owner, role).context
    seen = {name for name in ("answers", "offers", "maintenance") if context[name]}
    assert seen | ({"tasks"} if context["groups"] else set()) == sections


def test_what_is_out_and_what_comes_in(client, owner, borrower, now):
    out = make.sharing_request(
        offered(owner), borrower, state="underway", starts_at=now - 9 * HOUR, ends_at=now - 2 * HOUR
    )
    leaving = make.sharing_request(
        out.resource, borrower, state="approved", starts_at=now + 2 * HOUR
    )
    coming = make.sharing_request(
        offered(borrower), owner, state="approved", starts_at=now + 3 * HOUR
    )
    context = home(client, owner, "viewer").context
    assert [row.pk for row in context["out"]] == [out.pk]
    assert [row.pk for row in context["leaving"]] == [leaving.pk]
    assert {row.pk for row in context["coming"]} == {out.pk, coming.pk}
    assert any(day.clash for day in context["days"])  # the late one puts the next at risk
    assert len(context["days"]) == 7


def test_a_button_names_what_is_handed_over_or_given_back_and_to_whom(client, owner, borrower, now):
    make.sharing_request(
        offered(owner, code="RH-1"), borrower, state="approved", starts_at=now + HOUR
    )
    given = make.sharing_request(
        offered(owner, code="RH-2"), borrower, state="approved", starts_at=now + HOUR
    )
    make.handover(given, given_by=given.decided_by)
    make.sharing_request(
        offered(owner, code="RH-3"), borrower, state="approved", starts_at=now + 23 * HOUR
    )
    make.sharing_request(
        offered(borrower, code="DB-1"), owner, state="underway", starts_at=now - 9 * HOUR
    )
    page = home(client, owner, "coordinator").content.decode()
    name = borrower.name
    assert f'Hand over RH-1<span class="visually-hidden"> to {name}</span>' in page
    assert f'Give back DB-1<span class="visually-hidden"> to {name}</span>' in page
    assert "Hand over RH-2" not in page  # recorded, the receipt is missing
    assert "Hand over RH-3" not in page  # too early
    assert "Hand over RH-1" not in home(client, owner, "viewer").content.decode()


def test_one_click_confirms_an_offer_and_comes_back(client, owner, now):
    device = offered(owner)
    Offer.unscoped.update(confirmed_at=now - timedelta(days=9))
    answer = home(client, owner, "coordinator")
    offer = device.offers.get()
    action = f'action="/at/renhe/offers/{offer.pk}/confirm/"'
    assert action in answer.content.decode()
    posted = client.post(
        f"/at/renhe/offers/{offer.pk}/confirm/",
        {"idempotency_key": "home-test-1", "next": "/at/renhe/"},
    )
    offer.refresh_from_db()
    assert posted["Location"] == "/at/renhe/"
    assert offer.confirmed_at > now - timedelta(days=1)


def test_an_empty_home_says_what_to_do_next(client, owner):
    text = home(client, owner, "coordinator").content.decode()
    assert "All answered" in text
    assert "/at/renhe/find/" in text


def test_a_stranger_finds_nothing(client, owner, borrower):
    client.force_login(make.user(at=borrower, role="coordinator"))
    assert client.get("/at/renhe/").status_code == 404


def test_home_asks_the_database_as_often_for_30_rows_as_for_one(client, owner, now):
    person = make.user(at=owner, roles=["approver", "coordinator", "biomedical_engineer"])
    client.force_login(person)
    numbers = []
    for rows in (1, 29):
        for _number in range(rows):
            other = make.institution()
            make.sharing_request(offered(owner), other, agreement_accepted_at=now)
            make.sharing_request(offered(owner), other, state="underway")
            make.sharing_request(offered(other), owner, state="approved", starts_at=now + HOUR)
        Offer.unscoped.update(confirmed_at=now - timedelta(days=9))
        client.get("/at/renhe/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/at/renhe/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.fixture
def card():
    """A card of the test's own, with its text for the place."""

    def add(place, context):
        made = HomeCard(
            name="toy",
            template=engines["django"].from_string("the toy says {{ card.words }}"),
            context=context,
            place=place,
        )
        return register(made)

    yield add
    cards.remove("toy")


@pytest.mark.parametrize("place", [MAIN, ASIDE])
def test_a_card_of_another_part_is_shown_in_its_place_to_whom_it_concerns(
    client, owner, borrower, card, place
):
    def context(visit):
        return {"words": visit.user.username} if visit.institution == owner else None

    card(place, context)
    ours, theirs = home(client, owner, "approver"), home(client, borrower, "approver")
    shown = [len(ours.context["cards"][name]) for name in (MAIN, ASIDE)]
    assert shown == [place == MAIN, place == ASIDE]
    name = ours.wsgi_request.user.username
    assert f"the toy says {name}" in ours.text
    assert "the toy says" not in theirs.text


def test_what_comes_in_is_called_by_the_words_of_its_kind(client, owner, borrower, now):
    person = staff.compliant(owner, borrower)
    make.sharing_request(
        person, borrower, state="approved", starts_at=now + HOUR, ends_at=now + 9 * HOUR
    )
    text = home(client, borrower, "coordinator").text
    assert "Shift begins" in text
    assert "Ready to collect" not in text
