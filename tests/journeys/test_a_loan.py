"""The main job, from an idle ventilator to a closed loan, in both languages and without script."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import AuditEvent, Notification
from resources.models import Offer
from scheduling.models import SharingRequest, TimeChange
from tests import make
from tests.journeys.people import Person, Taps, next_hour, typed, words

pytestmark = pytest.mark.browser
COORDINATOR, APPROVER, ENGINEER = ["coordinator"], ["approver"], ["biomedical_engineer"]


# Interactions after the first page, typing and the points of a checklist aside.
MOST = {"offer": 4, "ask": 4, "approve": 2}


@dataclass
class Scene:
    """The institutions, the device and the times that everybody talks about."""

    owner: object
    borrower: object
    rival: object
    device: object
    starts_at: datetime
    ends_at: datetime


def scene_of_an_idle_ventilator():
    owner, borrower, rival = (make.institution(name) for name in ("renhe", "xihu", "dongbei"))
    device = make.equipment(
        owner, visibility="private", confirmed_at=None, accessories={"Breathing tube": 2},
        last_safety_test=timezone.now().date(),
    )  # fmt: skip
    starts_at = next_hour(timezone.now()) + timedelta(hours=1)
    return Scene(owner, borrower, rival, device, starts_at, starts_at + timedelta(hours=8))


def offer_all_hours(person, scene):
    """Publish the ventilator around the clock, without notice and without time between uses."""
    page = person.go("resources:offer-create", scene.device.pk)
    for day in range(7):
        for field, text in (
            ("a_starts", "00:00"),
            ("a_ends", "00:00"),
            ("b_starts", ""),
            ("b_ends", ""),
        ):
            page.fill(f"[name=w{day}{field}]", text)
    page.fill("[name=notice_hours]", "0")
    page.check("[name=visibility][value=all]")
    for summary in reversed(page.locator("#offer details:not([open]) > summary").all()):
        summary.click()
    page.fill("[name=setup_minutes]", "0")
    page.fill("[name=transport_minutes]", "0")
    page.fill("[name=cleaning_minutes]", "0")
    person.submit("#offer")
    assert Offer.unscoped.get(resource=scene.device).status == "published"


def find_and_ask(person, scene):
    """Dates that clash show ways round; one of them leads to a request."""
    make.sharing_request(
        scene.device, scene.rival, state="approved",
        starts_at=scene.starts_at - timedelta(hours=1), ends_at=scene.starts_at + timedelta(minutes=15),
    )  # fmt: skip
    wish = f"?starts_at={typed(scene.starts_at)}&ends_at={typed(scene.ends_at)}"
    page = person.go("scheduling:request-create", scene.device.pk, query=wish)
    assert page.locator("#request button.btn-lg").is_disabled()
    assert page.locator(".way-card").count() >= 1
    taps = Taps(page := person.go("scheduling:find"))
    page.fill("[name=what]", "Ventilator")
    page.fill(".ask-bar [name=starts_at]", typed(scene.starts_at + timedelta(minutes=30)))
    page.fill(".ask-bar [name=ends_at]", typed(scene.ends_at))
    taps.click(page.locator(".ask-bar button[type=submit]"), leads_on=False)
    taps.click(page.locator("ol.results a.title").first, leads_on=False)
    page.locator("#request [name=purpose]").fill("Two machines are in repair")
    taps.check(page.locator("#request [name=agreement_accepted]"))
    taps.click(page.locator("#request button.btn-primary[type=submit]").last)
    assert taps.count <= MOST["ask"]
    return SharingRequest.unscoped.get(borrower=scene.borrower)


def approve(person, request, rival):
    """The row opens in place, names the competitor, and the approval declines that one."""
    taps = Taps(page := person.go("scheduling:inbox"))
    row = page.locator(f"#row-{request.pk}")
    taps.click(row.locator(".btn", has_text=person.words("Open")), leads_on=False)
    row = page.locator(f"#row-{request.pk}[data-open]")
    name = rival.borrower.name_en if person.language == "en" else rival.borrower.name_zh
    row.locator(".compare").get_by_text(name).first.wait_for()
    assert row.locator("[name=decision][value=approve]").is_checked()
    taps.click(row.locator(".inbox-open button.btn-primary[type=submit]").last)
    assert taps.count <= MOST["approve"]
    request.refresh_from_db()
    rival.refresh_from_db()
    assert (request.state, rival.state, rival.decision_code) == (
        "approved",
        "declined",
        "other_won",
    )


def record(person, name, request, *, passing=""):
    """Tick every point of a stage and confirm it; ``passing``: the reason for its warnings."""
    page = person.go(name, request.pk)
    for box in page.locator("#checks input[type=checkbox]").all():
        box.check()
    for name, text in (("counter_reading", "120"), ("decontamination_record", "CSSD-0231")):
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", text)
    if passing:
        page.locator(".action-bar .btn-primary").click()  # the findings come into this page
        page.locator(".findings", has_text="GEN-03").wait_for()
        page.locator("[name^=accepted_]").fill(passing)
    confirm(page)
    assert page.locator(".error-summary, .findings").all_inner_texts() == []


def confirm(page):
    with page.expect_navigation():
        page.locator(".action-bar .btn-primary").click()


def confirm_receipt(person, request, state):
    page = person.go("scheduling:receipt", request.pk)
    confirm(page)
    assert page.locator(".error-summary, .findings").all_inner_texts() == []
    request.refresh_from_db()
    assert request.state == state


def ask_for_two_hours_more(borrower, owner, request):
    later = request.ends_at + timedelta(hours=2)
    page = borrower.go("scheduling:request-extend", request.pk)
    page.fill("[name=new_ends_at]", typed(later))
    page.fill("[name=reason]", "The unit in repair is late")
    borrower.submit("main")
    page = owner.go("scheduling:request-extension", request.pk)
    page.check("[name=agree][value=yes]")
    owner.submit("main")
    request.refresh_from_db()
    assert TimeChange.unscoped.get(sharing_request=request).status == "agreed"
    assert request.ends_at == later


@pytest.mark.parametrize(
    ("language", "scripts"),
    [("en", True), ("zh-hans", True), ("en", False)],
    ids=["English", "Chinese", "without script"],
)
def test_an_idle_ventilator_is_offered_lent_extended_returned_and_closed(
    open_page, axe, language, scripts
):
    scene = scene_of_an_idle_ventilator()
    look = axe if scripts else lambda page: None

    def person(institution, roles, name, **how):
        how |= {"language": language, "javascript": scripts}
        return Person(open_page, institution, roles=roles, name=name, **how)

    offering = person(scene.owner, COORDINATOR, "coordinator.renhe")
    offer_all_hours(offering, scene)
    look(offering.page)

    asking = person(scene.borrower, COORDINATOR, "coordinator.xihu")
    request = find_and_ask(asking, scene)
    look(asking.page)
    rival = make.sharing_request(
        scene.device, scene.rival, starts_at=request.starts_at, ends_at=request.ends_at
    )

    deciding = person(scene.owner, APPROVER, "approver.renhe")
    approve(deciding, request, rival)
    look(deciding.page)

    giving = person(scene.owner, ENGINEER, "engineer.renhe", phone=True)
    early = "The booking before is collected from another unit"
    record(giving, "scheduling:handover", request, passing=early)
    look(giving.page)
    taking = person(scene.borrower, ENGINEER, "engineer.xihu", phone=True)
    confirm_receipt(taking, request, "underway")
    ask_for_two_hours_more(asking, deciding, request)
    record(taking, "scheduling:return", request)
    confirm_receipt(giving, request, "finished")
    record(giving, "scheduling:post-check", request)
    request.refresh_from_db()
    assert request.state == "closed"

    _everybody_was_told(asking, deciding, request, look)


def _everybody_was_told(asking, deciding, request, look):
    told = Notification.unscoped.filter(user=asking.user, object_id=request.pk)
    assert told.exists()
    page = asking.go("portal:notifications")
    asking.sees(request.reference)
    look(page)
    page = deciding.go("portal:audit")
    deciding.sees(request.reference)
    look(page)
    assert AuditEvent.unscoped.filter(object_id=str(request.pk), chain="renhe").count() >= 5


def test_an_idle_device_is_offered_in_few_taps_with_what_is_filled_in(open_page):
    scene = scene_of_an_idle_ventilator()
    person = Person(
        open_page, scene.owner, roles=COORDINATOR, language="en", name="coordinator.renhe"
    )
    taps = Taps(page := person.go("resources:resource-detail", scene.device.pk))
    taps.click(page.locator(f"main a[href*='/{scene.device.pk}/offer']").first)
    taps.click(page.locator("#offer button.btn-primary[type=submit]").last)
    assert taps.count <= MOST["offer"]
    assert Offer.unscoped.get(resource=scene.device).status == "published"


@pytest.mark.smoke
def test_a_person_signs_in_sees_the_day_and_signs_out(open_page, axe):
    owner = make.institution("renhe")
    person = Person(open_page, owner, roles=COORDINATOR, language="en", name="coordinator.renhe")
    person.page.wait_for_url(f"**{reverse('reports:home', args=[owner.slug])}")
    axe(person.page)
    person.page.locator("summary", has_text="My account").click()
    person.press("Sign out")
    person.page.go_back()
    assert person.page.get_by_text(words("en", "Waiting for me")).count() == 0
