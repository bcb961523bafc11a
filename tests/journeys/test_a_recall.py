"""Two hospitals talk about a loan, the city joins, the owner recalls, the borrower takes another
unit: in both languages, on a phone and on a desktop."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from scheduling.models import CityInvitation, InternalNote, Message, MessageFile, SharingRequest
from tests import make
from tests.journeys.people import Person, Taps, next_hour, sign_in

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def scene():
    """A ventilator at the borrower, and another hospital's that is free."""
    cache.clear()
    now = next_hour(timezone.now())
    owner, borrower = make.institution("renhe"), make.institution("dongbei")
    units = [
        make.equipment(at, last_safety_test=now.date(), confirmed_at=now)
        for at in (owner, make.institution("xihu"))
    ]
    for unit in units:
        make.offer(unit, now=now)
    loan = make.sharing_request(
        units[0], borrower, state="underway", now=now, starts_at=now - 2 * HOUR,
        ends_at=now + 72 * HOUR, agreement_accepted_at=now, recall_notice_hours=24,
    )  # fmt: skip
    return loan, units[1]


def write_with_a_file(person, loan):
    """Words, a file, one tap."""
    taps = Taps(page := person.go("scheduling:request-detail", loan.pk))
    page.fill("#message_text", "When do you need it back?")
    page.set_input_files(
        "#message_files", {"name": "report.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    taps.click(page.get_by_role("button", name=person.words("Send the message")))
    assert taps.count == 1
    assert Message.unscoped.get().file_count == 1
    return MessageFile.unscoped.get()


def invite(person, loan):
    taps = Taps(page := person.go("scheduling:request-conversation", loan.pk))
    taps.click(page.get_by_role("link", name=person.words("Invite the city")))
    page.fill("[name=reason]", "Please help us to agree.")
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count == 2
    assert CityInvitation.unscoped.count() == 1


def answer_as_the_city(page, loan):
    page.goto(reverse("city:conversation", args=[loan.pk]))
    page.fill("#message_text", "We propose tomorrow.")
    with page.expect_navigation():
        page.locator("main form button.btn-primary").click()


def note(person, loan):
    taps = Taps(page := person.go("scheduling:request-detail", loan.pk))
    page.fill("#note_text", "Only for us")
    taps.click(page.get_by_role("button", name=person.words("Keep the note")))
    assert taps.count == 1
    assert InternalNote.unscoped.get().text == "Only for us"


def recall(person, loan):
    """The earliest end is filled in: a reason, one tap."""
    taps = Taps(page := person.go("scheduling:request-recall", loan.pk))
    page.fill("[name=reason]", "Our own unit failed.")
    taps.click(page.locator("main form button.btn-primary"))
    assert taps.count == 1
    loan.refresh_from_db()


def take_another(person, loan):
    """The best of the list, the form filled in as before: agree to the terms, send."""
    page = person.go("scheduling:request-detail", loan.pk)
    assert "Only for us" not in page.content()
    taps = Taps(page)
    taps.click(page.locator("#instead a.btn").first)
    assert page.locator("[name=purpose]").input_value() == loan.purpose
    taps.check(page.locator("[name=agreement_accepted]"))
    taps.click(page.locator("main form button.btn-primary").last)
    assert taps.count <= 3


@pytest.mark.parametrize(
    ("language", "phone"), [("zh-hans", True), ("en", False)], ids=["zh-phone", "en-desktop"]
)
def test_a_recalled_loan_is_talked_about_and_replaced(open_page, language, phone):
    loan, unit = scene()
    how = {"phone": phone}
    lender, asker = (
        Person(open_page, at, roles=[role], language=language, name=role, **how)
        for at, role in ((loan.owner, "approver"), (loan.borrower, "coordinator"))
    )
    official = make.city_user(language=language)
    write_with_a_file(asker, loan)
    invite(asker, loan)
    answer_as_the_city(sign_in(open_page(language=language, **how), official.username), loan)
    note(lender, loan)
    recall(lender, loan)
    take_another(asker, loan)
    sent = SharingRequest.unscoped.get(resource=unit)
    assert (sent.starts_at, sent.purpose) == (loan.ends_at, loan.purpose)
