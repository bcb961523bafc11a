"""What stands around a page is the reader's own and is true at every request."""

import re

import pytest
from django.utils import timezone

from medshare_portal.models import Notification, RoleGroup
from medshare_portal.roles import Role
from tests.make.people import grant, user
from tests.make.places import institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def renhe():
    return institution("renhe")


def page_of(client, person, address):
    client.force_login(person)
    return client.get(address).content.decode()


def entries_of(html):
    """The words of the side navigation, the current one between stars."""
    menu = html[html.index('<header class="sidebar"') : html.index('<div class="frame">')]
    links = re.findall(
        r'<a class="nav-item"\s+href="[^"]*"( aria-current="page")?>.*?<span>(.*?)</span>',
        menu,
        re.S,
    )
    return [f"*{words}*" if current else words for current, words in links]


def tell(person, at):
    Notification.unscoped.create(
        user=person,
        institution=at,
        event="x",
        event_key=str(Notification.unscoped.count()),
        created_at=timezone.now(),
    )


def test_the_navigation_follows_the_roles_and_marks_the_page(client, renhe):
    viewer = user(at=renhe, role=Role.VIEWER)
    assert entries_of(page_of(client, viewer, "/at/renhe/lending/")) == [
        "Home", "Inbox", "Find and request", "Baskets", "Needs and wait-list",
        "Proposals", "Need a shift", "Calendar", "*We lend*", "We borrow",
        "Equipment", "Medicines", "Staff", "At risk of expiry", "Information",
        "Our figures", "Passed rules",
    ]  # fmt: skip


def test_the_phones_bar_has_what_is_most_at_hand(client, renhe):
    viewer = user(at=renhe, role=Role.VIEWER)
    html = page_of(client, viewer, "/at/renhe/lending/")
    bar = html[html.index('class="bottom-bar"') :]
    shortcuts = re.findall(r"<span>(.*?)</span>", bar[: bar.index("</nav>")])
    assert shortcuts == ["Home", "Inbox", "Find and request", "Calendar", "Menu"]


@pytest.mark.parametrize(
    ("query", "marked"),
    [("", "Equipment"), ("?kind=medicine", "Medicines"), ("?kind=staff", "Staff")],
)
def test_of_the_kinds_that_share_an_address_the_shown_one_is_marked(client, renhe, query, marked):
    viewer = user(at=renhe, role=Role.VIEWER)
    entries = entries_of(page_of(client, viewer, f"/at/renhe/resources/{query}"))
    assert [entry for entry in entries if entry.startswith("*")] == [f"*{marked}*"]


def test_a_role_that_is_given_or_taken_changes_the_next_page(client, renhe):
    person = user(at=renhe, role=Role.VIEWER)
    assert "Our offers" not in entries_of(page_of(client, person, "/at/renhe/lending/"))
    grant(person, Role.COORDINATOR, at=renhe)
    assert "Our offers" in entries_of(client.get("/at/renhe/lending/").content.decode())
    RoleGroup.unscoped.get(institution=renhe, role=Role.COORDINATOR).group.user_set.remove(person)
    assert "Our offers" not in entries_of(client.get("/at/renhe/lending/").content.decode())


def test_a_person_who_is_deactivated_is_out_at_the_next_request(client, renhe):
    person = user(at=renhe, role=Role.VIEWER)
    page_of(client, person, "/at/renhe/lending/")
    person.is_active = False
    person.save()
    answer = client.get("/at/renhe/lending/")
    assert (answer.status_code, answer.url) == (302, "/account/sign-in/?next=/at/renhe/lending/")


def test_a_session_that_is_deleted_or_over_signs_the_person_out(client, renhe):
    person = user(at=renhe, role=Role.VIEWER)
    page_of(client, person, "/at/renhe/lending/")
    row = client.session._get_session_from_db()
    row.expire_date = timezone.now()
    row.save()
    assert client.get("/at/renhe/lending/").status_code == 302


def test_the_bell_counts_what_is_unread_and_is_silent_otherwise(client, renhe):
    person = user(at=renhe, role=Role.VIEWER)
    assert "tool-count" not in page_of(client, person, "/at/renhe/lending/")
    tell(person, renhe)
    tell(person, renhe)
    html = client.get("/at/renhe/lending/").content.decode()
    assert 'aria-label="Notifications, 2 unread"' in html
    assert '<span class="tool-count" aria-hidden="true">2</span>' in html


def test_two_people_of_one_house_see_their_own_names_and_tokens(client, renhe):
    first = user(at=renhe, role=Role.VIEWER, full_name="Lin <Mei>")
    second = user(at=renhe, role=Role.VIEWER, full_name="Wang Fang")
    one = page_of(client, first, "/at/renhe/lending/")
    client.logout()
    other = page_of(client, second, "/at/renhe/lending/")
    assert "Lin &lt;Mei&gt;" in one
    assert "Wang Fang" in other
    assert "Lin" not in other
    token = r'name="csrfmiddlewaretoken" value="(\w+)"'
    assert set(re.findall(token, one)).isdisjoint(re.findall(token, other))


def test_an_institution_that_is_renamed_has_its_new_name_at_once(client, renhe):
    person = user(at=renhe, role=Role.VIEWER)
    assert renhe.name_en in page_of(client, person, "/at/renhe/lending/")
    renhe.name_en = "Renhe & Partners"
    renhe.save()
    assert "Renhe &amp; Partners" in client.get("/at/renhe/lending/").content.decode()


def test_the_way_back_of_the_language_and_theme_is_this_page(client, renhe):
    html = page_of(client, user(at=renhe, role=Role.VIEWER), "/at/renhe/lending/?state=a&q=%22")
    assert html.count('name="next" value="/at/renhe/lending/?state=a&amp;q=%22"') == 2


def test_a_member_of_two_houses_can_change_between_them(client, renhe):
    person = user(at=renhe, role=Role.VIEWER)
    grant(person, Role.VIEWER, at=institution("chengbei"))
    html = page_of(client, person, "/at/renhe/lending/")
    switcher = html[html.index('<details class="switcher">') : html.index("</details>")]
    assert re.findall(r'<a href="(/at/\w+/)"( aria-current="true")?>', switcher) == [
        ("/at/renhe/", ' aria-current="true"'),
        ("/at/chengbei/", ""),
    ]
