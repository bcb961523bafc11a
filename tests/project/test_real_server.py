"""The server and the browser that races and journeys rely on."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

PASSWORD = "a long enough password"


def borrower():
    return get_user_model().objects.create_user(username="borrower", password=PASSWORD)


@pytest.mark.race
@pytest.mark.parametrize("time_of_running", ["first", "second"])
def test_the_server_sees_what_the_test_saves_and_each_test_begins_anew(portal, time_of_running):
    assert not get_user_model().objects.exists()
    borrower()
    visitor = portal.visitor().sign_in("borrower", PASSWORD)
    assert visitor.get(reverse("login")).status in {200, 302}


@pytest.mark.race
def test_a_killed_worker_is_replaced_and_the_server_goes_on(portal):
    before = set(portal.worker_pids())
    lost = portal.kill_worker()
    deadline = time.monotonic() + 20
    while len(set(portal.worker_pids()) - {lost}) < 2 and time.monotonic() < deadline:
        portal.await_answer()
    after = set(portal.worker_pids())
    assert (len(before), len(after), len(after & before)) == (2, 2, 1)


@pytest.mark.race
def test_a_killed_server_starts_again_with_what_was_committed(portal):
    borrower()
    portal.kill()
    portal.start()
    portal.visitor().sign_in("borrower", PASSWORD)


@pytest.mark.browser
@pytest.mark.smoke
def test_the_sign_in_page_is_accessible_and_keeps_its_policy(browser_page, axe):
    browser_page.goto(reverse("login"))
    axe(browser_page)


@pytest.mark.browser
def test_a_breach_of_the_content_policy_is_noticed(browser_page, browser_faults):
    browser_page.goto(reverse("login"))
    browser_page.evaluate("document.body.setAttribute('style', 'color: red')")
    browser_page.wait_for_timeout(200)
    assert any("CSP violation: style-src-attr" in fault for fault in browser_faults)
    browser_faults.clear()
