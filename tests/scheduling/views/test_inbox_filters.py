"""What the inbox shows: true numbers for every role and filter, pages, kept filters."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from medshare_portal.roles import Role
from resources.models import Equipment
from scheduling.models import SavedFilter
from scheduling.queries.waiting import waiting_count
from scheduling.views.inbox import ROWS
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
INBOX = "/at/renhe/inbox/"
_keys = count(1)


def key():
    return f"filter-test-{next(_keys):06d}"


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


def offered(owner, **technical):
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    if technical:
        Equipment.unscoped.filter(resource=device).update(**technical)
    make.offer(device)
    return device


def ask(owner, borrower, now, *, due=48, device=None, **fields):
    device = device or offered(owner)
    fields = {"starts_at": now + 24 * HOUR, "agreement_accepted_at": now} | fields
    return make.sharing_request(device, borrower, due_at=now + due * HOUR, **fields)


@pytest.fixture
def city(owner, borrower, now):
    """Something of every step, kind and side waits at renhe."""
    xihu = make.institution("xihu")
    ask(owner, borrower, now, due=-1, priority="urgent")
    ask(owner, xihu, now, due=5)
    ask(owner, borrower, now, device=offered(owner, status="down"))
    ask(owner, borrower, now, device=offered(owner, status="degraded"))
    wanted = offered(owner)
    for other in (borrower, xihu):
        ask(owner, other, now, device=wanted)
    past = {"state": "finished", "starts_at": now - 9 * HOUR, "ends_at": now - HOUR}
    ask(owner, borrower, now, **past)
    ask(borrower, owner, now, state="countered")
    longer = ask(owner, borrower, now, state="approved", starts_at=now + 300 * HOUR)
    make.time_change(longer, new_ends_at=longer.ends_at + HOUR, by=longer.created_by)
    make.transfer(make.offered_lot(owner), borrower, state="requested")
    make.access_request(make.asset(owner), borrower, state="requested")
    return owner


FILTERS = [
    "", "kind=equipment", "kind=medicine", "kind=information", "kind=staff", "priority=urgent",
    "priority=routine", "due=0", "due=8", "due=72", "step=decide", "step=answer_counter",
    "step=answer_extension", "step=post_check", "side=owner", "side=borrower", "verdict=pass",
    "verdict=warn", "verdict=bad", "verdict=rivals", "kind=equipment&side=owner&verdict=bad",
]  # fmt: skip


def reachable(client, query):
    """The rows of all pages, and the number that the page says."""
    rows, number, page = [], None, 1
    while True:
        answer = client.get(f"{INBOX}?{query}&page={page}&tab=waiting")
        assert answer.status_code == 200
        rows += [(row.task.request.pk, row.task.step) for row in answer.context["rows"]]
        number = answer.context["shown"]
        if not answer.context["page"].has_next():
            return rows, number, answer
        page += 1


@pytest.mark.parametrize("role", [role for role in Role if role not in Role.CITY_ROLES])
def test_numbers_are_the_rows_that_can_be_reached_for_every_role_and_filter(client, city, role):
    client.force_login(make.user(at=city, role=role))
    every, number, answer = reachable(client, "")
    assert len(every) == len(set(every)) == number == answer.context["counts"]["waiting"]
    shown = {}
    for query in FILTERS:
        rows, number, answer = reachable(client, query)
        assert (query, len(rows)) == (query, number)
        assert set(rows) <= set(every)
        shown[query] = set(rows)
    for name in ("step", "side", "kind"):
        parts = [
            rows
            for query, rows in shown.items()
            if query.startswith(f"{name}=") and "&" not in query
        ]
        assert set().union(*parts) == set(every)
        assert sum(map(len, parts)) == len(every)
    assert f'<span class="nav-count">{len(every)}' in answer.content.decode() or not every


def test_each_filter_finds_what_it_says(client, city, borrower):
    roles = [role for role in Role if role not in Role.CITY_ROLES]
    client.force_login(make.user(at=city, roles=roles))
    numbers = {query: reachable(client, query)[1] for query in FILTERS}
    assert numbers == {
        "": 11, "kind=equipment": 9, "kind=medicine": 1, "kind=information": 1, "kind=staff": 0,
        "priority=urgent": 1, "priority=routine": 10, "due=0": 1, "due=8": 3,
        "due=72": numbers["due=72"], "step=decide": 8, "step=answer_counter": 1,
        "step=answer_extension": 1, "step=post_check": 1, "side=owner": 10, "side=borrower": 1,
        "verdict=pass": numbers["verdict=pass"], "verdict=warn": 1, "verdict=bad": 2,
        "verdict=rivals": 2, "kind=equipment&side=owner&verdict=bad": 1,
    }  # fmt: skip
    assert reachable(client, f"other={borrower.pk}")[1] == 9


def test_a_category_finds_those_below_it_and_the_choice_offers_what_waits(
    client, owner, borrower, now
):
    row = ask(owner, borrower, now)
    client.force_login(make.user(at=owner, role="approver"))
    category = row.resource.category
    answer = client.get(f"{INBOX}?category={category.pk}")
    assert [each.task.request.pk for each in answer.context["rows"]] == [row.pk]
    choices = answer.context["filter"].form.fields["category"].widget.choices
    assert choices[1:] == [(category.pk, f"{category.name} (1)")]


@pytest.mark.parametrize(
    "query",
    ["kind=beds", "category=x", "category=99999999999", "other=-1", "due=1e9", "verdict=%00",
     "priority=" + "9" * 400, "step=pay", "side=both"],
)  # fmt: skip
def test_a_malformed_filter_says_so_and_shows_nothing(client, owner, borrower, now, query):
    ask(owner, borrower, now)
    client.force_login(make.user(at=owner, role="approver"))
    answer = client.get(f"{INBOX}?{query}")
    assert (answer.status_code, answer.context["rows"]) == (400, [])
    assert answer.context["filter"].form.errors


def test_there_are_pages_beyond_two_hundred_rows(client, owner, borrower, now):
    approver = make.user(at=owner, role="approver")
    device = make.equipment(owner, units=400, last_safety_test=timezone.now().date())
    make.offer(device)
    rows = [ask(owner, borrower, now, device=device, due=n) for n in range(1, 232)]
    client.force_login(approver)
    last = client.get(f"{INBOX}?page={-(-231 // ROWS)}")
    assert [row.task.request.pk for row in last.context["rows"]] == [r.pk for r in rows[210:]]
    assert (last.context["shown"], last.context["counts"]["waiting"]) == (231, 231)
    assert waiting_count(owner, frozenset({("decide", "equipment")})) == 231
    opened = client.get(f"{INBOX}?open={rows[220].pk}")
    assert (opened.context["page"].number, opened.context["open_pk"]) == (8, rows[220].pk)


def test_a_filter_is_kept_opens_by_itself_and_is_deleted(client, owner, borrower, now):
    ask(owner, borrower, now)
    person = make.user(at=owner, role="approver")
    client.force_login(person)
    form = client.get(f"{INBOX}filters/?kind=equipment&due=8")
    assert form.context["form"]["query"].value() == "kind=equipment&due=8"
    sent = {"name": "Soon", "query": "due=8&kind=equipment&evil=1&open=3", "is_default": "on"}
    answer = client.post(f"{INBOX}filters/", sent | {"idempotency_key": key()})
    assert (answer.status_code, answer["Location"]) == (302, f"{INBOX}?kind=equipment&due=8")
    assert client.get(INBOX)["Location"] == "?kind=equipment&due=8"
    assert client.get(f"{INBOX}?tab=waiting").context["shown"] == 1
    saved = SavedFilter.unscoped.get()
    assert (saved.user, saved.query, saved.is_default) == (person, "kind=equipment&due=8", True)
    client.post(f"{INBOX}filters/{saved.pk}/default/", {"idempotency_key": key()})
    assert client.get(INBOX).status_code == 200
    client.post(f"{INBOX}filters/{saved.pk}/delete/", {"idempotency_key": key()})
    assert not SavedFilter.unscoped.exists()


def test_at_most_one_filter_opens_by_itself_and_names_are_taken_once(client, owner):
    client.force_login(make.user(at=owner, role="approver"))
    statuses = []
    for name in ("One", "Two", "Two"):
        sent = {"name": name, "query": "due=8", "is_default": "on", "idempotency_key": key()}
        statuses.append(client.post(f"{INBOX}filters/", sent).status_code)
    assert statuses == [302, 302, 422]
    assert list(SavedFilter.unscoped.order_by("pk").values_list("name", "is_default")) == [
        ("One", False),
        ("Two", True),
    ]


def test_a_filter_that_says_nothing_or_too_much_is_not_kept(client, owner):
    client.force_login(make.user(at=owner, role="approver"))
    wrong = [
        {"name": "", "query": "due=8"},
        {"name": "x" * 41, "query": "due=8"},
        {"name": "A", "query": "evil=1"},
        {"name": "A", "query": "kind=" + "x" * 500},
        {"name": "A\x00", "query": "due=8"},
        {"name": "A", "query": "&".join(f"a{n}=1" for n in range(1500))[:1999]},
    ]
    for fields in wrong:
        answer = client.post(f"{INBOX}filters/", fields | {"idempotency_key": key()})
        assert (fields["name"], answer.status_code) == (fields["name"], 422)
        assert "query" not in answer.context["form"].errors
    for number in range(21):
        fields = {"name": f"F{number}", "query": "due=8", "idempotency_key": key()}
        answer = client.post(f"{INBOX}filters/", fields)
    assert (answer.status_code, SavedFilter.unscoped.count()) == (409, 20)


def test_nobody_else_sees_uses_or_deletes_my_filter(client, owner, borrower):
    mine = make.user(at=owner, role="approver")
    saved = SavedFilter.unscoped.create(
        institution=owner, user=mine, name="canary-filter", query="due=8", created_at=timezone.now()
    )
    colleague = make.user(at=owner, role="approver")
    for user, at in ((colleague, "renhe"), (make.user(at=borrower, role="approver"), "dongbei")):
        client.force_login(user)
        assert "canary-filter" not in client.get(f"/at/{at}/inbox/").content.decode()
        for step in ("default", "delete"):
            address = f"/at/{at}/inbox/filters/{saved.pk}/{step}/"
            answers = client.get(address), client.post(address, {"idempotency_key": key()})
            assert [answer.status_code for answer in answers] == [404, 404]
    assert SavedFilter.unscoped.count() == 1
