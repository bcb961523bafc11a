"""Forms come from our own pages, and nothing is changed by a GET (trust.md 40, 41)."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Notification
from medshare_portal.notices_core import RoleEnds
from tests import make

BACKEND = "medshare_portal.backends.PortalBackend"
POSTS = ["login", "logout", "password_reset", "set_language", "theme", "profile", "password_change",
         "notification-preferences", "notifications-read"]  # fmt: skip


@pytest.fixture
def nurse(db):
    return make.user("nurse", at=make.institution("renhe"), role="coordinator")


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("token", ["", "x" * 64])
def test_a_post_without_our_token_is_refused(nurse, name, token):
    client = Client(enforce_csrf_checks=True)
    client.force_login(nurse, backend=BACKEND)
    answer = client.post(reverse(name), {"csrfmiddlewaretoken": token, "language": "en"})
    assert answer.status_code == 403


def test_a_post_from_a_foreign_page_is_refused_despite_the_right_token(nurse):
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("login"))
    token = client.cookies["medshare_csrf"].value
    fields = {"csrfmiddlewaretoken": token, "language": "en"}
    own = client.post(reverse("set_language"), fields, HTTP_ORIGIN="http://testserver")
    foreign = client.post(reverse("set_language"), fields, HTTP_ORIGIN="https://evil.example")
    assert (own.status_code, foreign.status_code) == (302, 403)


@pytest.mark.parametrize("name", ["set_language", "theme", "logout", "notifications-read"])
def test_a_get_of_what_changes_something_is_refused(client, nurse, name):
    client.force_login(nurse, backend=BACKEND)
    assert client.get(reverse(name)).status_code == 405


def test_somebody_elses_notification_is_not_found_and_stays_unread(client, nurse):
    owner = make.user("owner")
    row = Notification.unscoped.create(
        user=owner, event=RoleEnds.code, event_key="k", created_at=timezone.now(), context={}
    )
    client.force_login(nurse, backend=BACKEND)
    assert client.post(f"/account/notifications/{row.pk}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None
