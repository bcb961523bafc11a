"""People of a journey: each with a browser of their own, in their own language."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation

from tests import make

ZONE = ZoneInfo("Asia/Shanghai")
TYPED = "%Y-%m-%dT%H:%M"


def typed(moment):
    """A moment as a datetime field of the site's clock takes it."""
    return moment.astimezone(ZONE).strftime(TYPED)


def next_hour(now):
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def sign_in(page, username, password=make.PASSWORD):
    page.goto(reverse("login"))
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button[type=submit], form:has([name=password]) button[type=submit]")
    page.wait_for_load_state()
    return page


def words(language, msgid):
    """A text of the portal in the reader's language; the journeys click what people read."""
    with translation.override(language):
        return str(translation.gettext(msgid))


class Taps:
    """Counts what a person does after the first page is open, typing aside."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, locator, *, leads_on=True):
        self.count += 1
        if leads_on:
            with self.page.expect_navigation():
                locator.click()
        else:
            locator.click()

    def check(self, locator):
        self.count += 1
        locator.check()


class Person:
    """Somebody at an institution; ``go`` opens a page of it, ``press`` clicks what it says."""

    def __init__(self, open_page, institution, *, roles, language, name, **how):
        user = make.user(name, at=institution, roles=roles, language=language)
        self._come(open_page, institution, user, how)

    @classmethod
    def known(cls, open_page, institution, user, **how):
        """Somebody who has an account already, at another browser."""
        made = cls.__new__(cls)
        made._come(open_page, institution, user, how)
        return made

    def _come(self, open_page, institution, user, how):
        self.user, self.language, self.institution = user, user.language, institution
        self.page = sign_in(open_page(language=user.language, **how), user.username)

    def go(self, name, *arguments, query=""):
        self.page.goto(reverse(name, args=[self.institution.slug, *arguments]) + query)
        return self.page

    def words(self, msgid):
        return words(self.language, msgid)

    def press(self, msgid):
        """The button with just these words; waits for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=self.words(msgid), exact=True).first.click()
        return self.page

    def submit(self, form):
        """The main button of a form."""
        with self.page.expect_navigation():
            self.page.locator(f"{form} button.btn-primary[type=submit]").last.click()
        return self.page

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for()
