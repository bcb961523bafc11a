"""A device changes hands by the code on its note, over a connection that breaks."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from scheduling.models import Handover, HandoverPhoto
from scheduling.note_codes import code_of
from tests import make
from tests.journeys.people import Taps

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
MOST = 3  # taps from the scan to the record, the points of the checklist aside


@pytest.fixture
def booking(portal):
    owner, borrower = make.institution("renhe"), make.institution("xihu")
    device = make.equipment(
        owner, last_safety_test=timezone.now().date(), accessories={"Breathing tube": 2}
    )
    make.offer(device)
    now = timezone.now()
    return make.sharing_request(
        device,
        borrower,
        state="approved",
        starts_at=now + HOUR,
        ends_at=now + 9 * HOUR,
        agreement_accepted_at=now,
    )


def picture():
    written = BytesIO()
    Image.new("RGB", (2400, 1600), "teal").save(written, "JPEG")
    return {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def scan(page, booking, username):
    """The code of the note, by somebody who is signed out: sign in, then the step."""
    page.goto(reverse("note-code", args=[code_of(booking.pk)]))
    page.fill("[name=username]", username)
    page.fill("[name=password]", make.PASSWORD)
    with page.expect_navigation():
        page.click("form:has([name=password]) button[type=submit]")
    return page


def fill_in(page):
    for box in page.locator("#checks input[type=checkbox]").all():
        box.check()
    page.fill("[name=counter_reading]", "120")
    page.fill("[name=decontamination_record]", "CSSD-0231")


@pytest.mark.parametrize(
    ("language", "phone"),
    [("zh-hans", True), ("en", False)],
    ids=["Chinese on a phone", "English on a desktop"],
)
def test_a_device_is_handed_over_by_its_code_over_a_bad_connection(
    open_page, axe, booking, language, phone
):
    people = [
        make.user(f"engineer.{at.slug}", at=at, role="biomedical_engineer", language=language)
        for at in (booking.owner, booking.borrower)
    ]
    giving, taking = (open_page(language=language, phone=phone) for _person in people)

    scan(giving, booking, people[0].username)
    assert giving.url.endswith(f"/at/renhe/requests/{booking.pk}/handover/?scanned=note")
    axe(giving)
    taps = Taps(giving)
    fill_in(giving)
    taps.count += 1
    giving.locator("[name=photos]").set_input_files([picture()])
    giving.locator("[data-taken] canvas").wait_for()
    giving.context.set_offline(True)
    taps.click(giving.locator(".action-bar .btn-primary"), leads_on=False)
    giving.locator("[data-unsent]").wait_for()
    assert giving.locator("[data-net=off]").is_visible()
    assert not Handover.unscoped.exists()
    giving.context.set_offline(False)
    giving.wait_for_url(f"**/at/renhe/requests/{booking.pk}/")
    assert taps.count <= MOST
    assert Handover.unscoped.get().counter_reading == 120
    assert HandoverPhoto.unscoped.count() == 1

    scan(taking, booking, people[1].username)
    assert taking.url.endswith(f"/at/xihu/requests/{booking.pk}/receipt/?scanned=note")
    axe(taking)
    lost = []

    def lose_the_first_answer(route):
        """It reaches the server, which records it; the answer never comes back."""
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    late = taking.context.new_page()  # the same step in another tab, pressed when it is over
    late.goto(taking.url)
    taking.route("**/receipt/**", lose_the_first_answer)
    taps = Taps(taking)
    taps.click(taking.locator(".action-bar .btn-primary"), leads_on=False)
    taking.wait_for_url(f"**/at/xihu/requests/{booking.pk}/", timeout=20_000)
    assert (lost, taps.count) == ([204], 1)
    booking.refresh_from_db()
    assert (booking.state, Handover.unscoped.get().received_by) == ("underway", people[1])
    assert booking.transitions.filter(transition="hand_over").count() == 1
    late.locator(".action-bar .btn-primary").click()
    late.locator("#receipt .error-summary").wait_for()
    late.reload()
    assert late.locator(".action-bar .buttons button").count() == 0


def test_what_is_typed_and_photographed_survives_a_reload(open_page, booking):
    engineer = make.user("engineer.renhe", at=booking.owner, role="biomedical_engineer")
    page = scan(open_page(phone=True), booking, engineer.username)
    fill_in(page)
    page.locator("[name=photos]").set_input_files([picture()])
    page.locator("[data-taken] canvas").wait_for()
    key = page.locator("#stage [name=idempotency_key]").input_value()
    page.reload()
    page.locator("[data-taken] canvas").wait_for()
    assert page.locator("[name=counter_reading]").input_value() == "120"
    assert page.locator("#checks input:not(:checked)").count() == 0
    assert page.locator("#stage [name=idempotency_key]").input_value() == key
    page.locator("[name=decontamination_record]").fill("")
    page.locator(".action-bar .btn-primary").click()
    page.locator("#stage .findings").wait_for()
    assert page.locator("[data-taken]").count() == 1  # photos stay while the form is mended
    page.fill("[name=decontamination_record]", "CSSD-1")
    with page.expect_navigation():
        page.locator(".action-bar .btn-primary").click()
    assert HandoverPhoto.unscoped.count() == 1
    page.go_back()
    assert page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('handover:'))") == []


def test_packs_are_taken_in_over_a_bad_connection(open_page, portal):
    now = timezone.now()
    owner, borrower = make.institution("renhe"), make.institution("xihu")
    lot = make.offered_lot(
        owner, expiry_date=(now + timedelta(days=900)).date(), storage_class="room_10_30"
    )
    row = make.transfer(lot, borrower, state="underway", packs=5)
    row.actual_starts_at = now - HOUR
    row.save()
    make.user("pharmacist.xihu", at=borrower, role="pharmacist", language="zh-hans")
    page = scan(open_page(language="zh-hans", phone=True), row, "pharmacist.xihu")
    assert page.url.endswith(f"/medicines/requests/{row.pk}/receive/?scanned=note")
    page.fill("[name=lot_no]", lot.lot_no)
    page.fill("[name=expiry_date]", lot.expiry_date.isoformat())
    page.context.set_offline(True)
    page.locator("main form button.btn-primary").click()
    page.locator("[data-unsent]").wait_for()
    page.context.set_offline(False)
    page.wait_for_url(f"**/at/xihu/requests/{row.pk}/", timeout=20_000)
    row.refresh_from_db()
    assert (row.state, row.transitions.filter(transition="return").count()) == ("finished", 1)
