"""Start, profile, preferences, notifications, switches, health."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medshare_portal.models import Notification, NotificationPreference
from medshare_portal.notices_core import RoleEnds
from tests import make

BACKEND = "medshare_portal.backends.PortalBackend"


@pytest.fixture
def nurse(db):
    return make.user("nurse", at=make.institution("renhe"), role="coordinator")


@pytest.fixture
def signed_in(client, nurse):
    client.force_login(nurse, backend=BACKEND)
    return client


def post(client, path, **fields):
    return client.post(path, {"idempotency_key": "key-of-a-form"} | fields)


def tell(user, number):
    return Notification.unscoped.create(
        user=user,
        event=RoleEnds.code,
        event_key=f"k-{number}",
        created_at=timezone.now(),
        context={"role": "Viewer", "where": f"Renhe {number}", "until": "2026-12-01"},
    )


def test_several_places_of_work_are_a_choice(client, nurse):
    make.grant(nurse, "viewer", at=make.institution("xihu"))
    make.grant(nurse, "city_official")
    client.force_login(nurse, backend=BACKEND)
    page = client.get("/").content.decode()
    assert all(f'href="{path}"' in page for path in ("/at/renhe/", "/at/xihu/", "/city/"))


def test_a_closed_institution_is_no_place_of_work(client, db):
    person = make.user("x", at=make.institution("old", status="closed"), role="viewer")
    client.force_login(person, backend=BACKEND)
    answer = client.get("/")
    assert (answer.status_code, answer.context["places"]) == (200, [])


def profile(**changes):
    return {
        "full_name": "Li Wei", "phone": "1", "email": "nurse@example.org", "language": "en",
        "theme": "auto", "password": "",
    } | changes  # fmt: skip


def test_the_profile_is_saved(signed_in, nurse):
    assert post(signed_in, "/account/profile/", **profile(theme="dark")).status_code == 302
    nurse.refresh_from_db()
    assert (nurse.full_name, nurse.phone, nurse.theme) == ("Li Wei", "1", "dark")


@pytest.mark.parametrize(
    ("password", "status", "email"),
    [
        ("", 422, "nurse@example.org"),
        ("wrong", 422, "nurse@example.org"),
        (make.PASSWORD, 302, "new@example.org"),
    ],
)
def test_another_address_needs_the_password(signed_in, nurse, password, status, email):
    fields = profile(email="new@example.org", password=password)
    assert post(signed_in, "/account/profile/", **fields).status_code == status
    nurse.refresh_from_db()
    assert nurse.email == email


def test_fields_that_the_profile_does_not_offer_are_ignored(signed_in, nurse):
    fields = profile(is_staff="on", is_superuser="on", username="root", groups="1")
    post(signed_in, "/account/profile/", **fields)
    nurse.refresh_from_db()
    assert (nurse.username, nurse.is_staff, nurse.is_superuser) == ("nurse", False, False)


@pytest.mark.parametrize("name", ["x" * 200, "a\0b", ""])
def test_bad_names_are_refused_beside_the_field(signed_in, nurse, name):
    answer = post(signed_in, "/account/profile/", **profile(full_name=name))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["full_name"])


def test_preferences_are_kept_per_notice(signed_in, nurse):
    form = signed_in.get("/account/preferences/").context["form"]
    fields = {name: "digest" for name in form.fields}
    assert post(signed_in, "/account/preferences/", **fields).status_code == 302
    stored = NotificationPreference.objects.filter(user=nurse)
    assert dict(stored.values_list("event", "channel")) == fields


def test_a_language_is_kept_on_the_person_and_before_signing_in_by_a_cookie(
    client, signed_in, nurse
):
    signed_in.post("/language/", {"language": "zh-hans"})
    nurse.refresh_from_db()
    assert nurse.language == "zh-hans"
    assert client.cookies["medshare_language"].value == "zh-hans"
    assert client.post("/language/", {"language": "xx"}).status_code == 400
    assert client.post("/theme/", {"theme": "pink"}).status_code == 400


def test_opening_a_notification_marks_it_as_read(signed_in, nurse):
    row = tell(nurse, 1)
    answer = signed_in.post(f"/account/notifications/{row.pk}/open/")
    assert answer["Location"] == "/account/profile/"
    row.refresh_from_db()
    assert row.read_at is not None


def test_the_unread_come_first(signed_in, nurse):
    rows = [tell(nurse, number) for number in range(3)]
    signed_in.post(f"/account/notifications/{rows[2].pk}/open/")
    shown = [
        entry["row"].pk for entry in signed_in.get("/account/notifications/").context["entries"]
    ]
    assert shown == [rows[1].pk, rows[0].pk, rows[2].pk]


def test_all_are_read_at_once(signed_in, nurse):
    tell(nurse, 1)
    tell(nurse, 2)
    signed_in.post("/account/notifications/read/")
    assert not Notification.unscoped.filter(read_at__isnull=True).exists()


def test_the_list_asks_the_same_number_of_questions_for_one_and_thirty(signed_in, nurse):
    signed_in.get("/at/renhe/notifications/")  # the session is written once
    counts = []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            tell(nurse, number)
        with CaptureQueriesContext(connection) as asked:
            signed_in.get("/at/renhe/notifications/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_alive_without_a_question_to_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_names_each_check_and_nothing_else(client, db):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.content == b"database: ok\nmigrations: ok\nguarantees: ok\njobs: late\n"


@pytest.mark.sqlite
def test_not_ready_while_a_guarantee_is_missing(client, db, logged_errors):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1")
        cursor.execute(f"DROP TRIGGER {cursor.fetchone()[0]}")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"guarantees: missing" in answer.content
    assert [record.getMessage() for record in logged_errors] == ["Service Unavailable: /readyz"]


def test_a_registry_administrator_finds_the_registry(client, db):
    client.force_login(make.city_user("registrar", role="registry_admin"), backend=BACKEND)
    assert 'href="/admin/"' in client.get("/", follow=True).content.decode()
