"""The same thing twice: two tabs, two clicks, the back button, an address of somebody else's."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from medshare_portal.models import Notification
from scheduling.models import Handover, SharingRequest, TransitionLog
from tests import make
from tests.journeys.people import Person, next_hour, typed

pytestmark = pytest.mark.browser
COORDINATOR, APPROVER, ENGINEER = ["coordinator"], ["approver"], ["biomedical_engineer"]


@dataclass
class Scene:
    """Two hospitals, a ventilator on offer, and how to open a browser."""

    open_page: object
    owner: object
    borrower: object
    device: object

    def person(self, institution, roles, name, **how):
        return Person(self.open_page, institution, roles=roles, language="en", name=name, **how)

    def asker(self, **how):
        return self.person(self.borrower, COORDINATOR, "coordinator.xihu", **how)

    def approver(self, **how):
        return self.person(self.owner, APPROVER, "approver.renhe", **how)

    def request(self, **fields):
        accepted = {"agreement_accepted_at": timezone.now()}
        return make.sharing_request(self.device, self.borrower, **accepted | fields)


@pytest.fixture
def scene(open_page):
    owner, borrower = make.institution("renhe"), make.institution("xihu")
    device = make.equipment(owner, last_safety_test=timezone.now().date())
    make.offer(device, auto_approval_max_hours=72)
    return Scene(open_page, owner, borrower, device)


def form_in(page, person, device, starts_at):
    """The request form, filled, in a tab."""
    query = f"?starts_at={typed(starts_at)}&ends_at={typed(starts_at + timedelta(hours=8))}"
    address = reverse("scheduling:request-create", args=[person.institution.slug, device.pk])
    page.goto(address + query)
    fill(page)
    return page


def fill(page):
    page.locator("#request [name=purpose]").fill("Two machines are in repair")
    page.locator("#request [name=agreement_accepted]").check()


SEND = "#request button.btn-lg"
DECIDE = "form:has([name=decision]) button.btn-lg"


def press(page, button):
    with page.expect_navigation():
        page.locator(button).click()
    page.wait_for_load_state()


def press_twice(page, button, *, leads_to):
    """Without script the second click breaks off the first's navigation: where it ends counts."""
    page.locator(button).click(click_count=2, no_wait_after=True)
    expect(page).to_have_url(leads_to, timeout=30_000)
    page.wait_for_load_state()


def steps_of(request):
    rows = TransitionLog.objects.of(request).order_by("pk")
    return list(rows.values_list("transition", flat=True))


def open_decision(page, person, request, choice):
    address = reverse("scheduling:request-decide", args=[person.institution.slug, request.pk])
    page.goto(address)
    page.locator(f"[name=decision][value={choice}]").check()
    if choice == "decline":
        page.locator("[name=reason_code]").select_option("own_need")
    return page


def test_a_decision_in_a_second_tab_is_refused_with_the_present_state(scene, axe):
    request = scene.request()
    approver = scene.approver()
    other = approver.page.context.new_page()
    open_decision(approver.page, approver, request, "approve")
    open_decision(other, approver, request, "decline")
    press(approver.page, DECIDE)
    press(other, DECIDE)
    assert "Nothing was decided" in other.locator(".error-summary").inner_text()
    present = other.locator("main").inner_text()
    assert "This request no longer waits for a decision:" in present
    assert "Booked" in present
    axe(other)
    request.refresh_from_db()
    assert (request.state, steps_of(request)) == ("approved", ["ask", "approve"])


def test_the_second_tab_leads_to_the_booking_of_the_first_and_other_hours_meet_it(scene, axe):
    scene.device.offers.update(auto_approval="anyone")
    asker = scene.asker()
    other = asker.page.context.new_page()
    starts_at = next_hour(timezone.now()) + timedelta(hours=24)
    for page in (asker.page, other):
        form_in(page, asker, scene.device, starts_at)
    press(asker.page, SEND)
    press(other, SEND)
    [booked] = SharingRequest.unscoped.all()
    assert booked.state == "approved"
    assert other.url == asker.page.url
    axe(other)

    form_in(other, asker, scene.device, starts_at + timedelta(hours=9))
    for name, hours in (("starts_at", 1), ("ends_at", 9)):
        other.locator(f"#request [name={name}]").fill(typed(starts_at + timedelta(hours=hours)))
    press(other, SEND)
    assert other.locator(".way-card").count() >= 1
    assert "Already booked" in other.locator("#request").inner_text()
    assert other.locator("#request [name=purpose]").input_value() == "Two machines are in repair"
    axe(other)
    assert SharingRequest.unscoped.count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_two_clicks_and_the_way_back_do_everything_once(scene, scripts):
    starts_at = next_hour(timezone.now()) + timedelta(hours=2)
    asker = scene.asker(javascript=scripts)
    request = asked_once(asker, scene, starts_at)
    approver = scene.approver(javascript=scripts)
    approved_once(approver, request)
    signed_once(scene, request, javascript=scripts)


def asked_once(asker, scene, starts_at):
    page = form_in(asker.page, asker, scene.device, starts_at)
    press_twice(page, SEND, leads_to=re.compile(r"/requests/\d+/$"))
    [request] = SharingRequest.unscoped.all()
    detail = reverse("scheduling:request-detail", args=[scene.borrower.slug, request.pk])
    assert page.url.endswith(detail)
    page.go_back()
    fill(page)
    press(page, SEND)
    page.wait_for_url(f"**{detail}")
    assert SharingRequest.unscoped.count() == 1
    assert steps_of(request) == ["ask"]
    return request


def approved_once(approver, request):
    page = open_decision(approver.page, approver, request, "approve")
    inbox = reverse("scheduling:inbox", args=[approver.institution.slug])
    press_twice(page, DECIDE, leads_to=re.compile(f"{inbox}$"))
    assert steps_of(request) == ["ask", "approve"]
    told = Notification.unscoped.filter(event="request-approved", object_id=request.pk)
    assert [row.user for row in told] == [request.created_by]
    page.go_back()
    assert "no longer waits for a decision" in page.locator("main").inner_text()


def signed_once(scene, request, **how):
    engineer = scene.person(scene.owner, ENGINEER, "engineer.renhe", phone=True, **how)
    page = engineer.go("scheduling:handover", request.pk)
    for box in page.locator("#checks input[type=checkbox]").all():
        box.check()
    page.fill("[name=counter_reading]", "120")
    page.fill("[name=decontamination_record]", "CSSD-0231")
    detail = reverse("scheduling:request-detail", args=[scene.owner.slug, request.pk])
    press_twice(page, ".action-bar .btn-primary", leads_to=re.compile(f"{detail}$"))
    assert Handover.unscoped.filter(sharing_request=request).count() == 1
    assert steps_of(request) == ["ask", "approve", "give_handover"]


def test_nothing_private_is_behind_the_back_button_after_signing_out(scene):
    request = scene.request()
    asker = scene.asker()
    page = asker.go("scheduling:request-detail", request.pk)
    assert request.reference in page.content()
    page.locator("summary", has_text="My account").click()
    asker.press("Sign out")
    page.go_back()
    assert request.reference not in page.content()
    page.wait_for_url(f"**{reverse('login')}**")


def test_an_address_of_somebody_elses_is_the_page_of_what_does_not_exist(scene, axe):
    stranger = scene.person(make.institution("dongbei"), COORDINATOR, "coordinator.dongbei")
    hidden = make.equipment(scene.owner, visibility="private")
    foreign = {
        "scheduling:request-detail": scene.request().pk,
        "scheduling:handover": scene.request(state="approved").pk,
        "resources:resource-detail": hidden.pk,
        "resources:resource-edit": scene.device.pk,
        "resources:offer-edit": scene.device.offers.get().pk,
        "scheduling:request-create": hidden.pk,
    }
    for name, number in foreign.items():
        seen = [not_found(stranger, name, pk) for pk in (number, 999_999)]
        assert seen[0] == seen[1], name
        assert "Renhe" not in seen[0], name
    axe(stranger.page)
    elsewhere = reverse(
        "scheduling:request-detail", args=["renhe", foreign["scheduling:request-detail"]]
    )
    nowhere = reverse("scheduling:request-detail", args=["no-such-place", 1])
    answers = [stranger.page.goto(address) for address in (elsewhere, nowhere)]
    assert [answer.status for answer in answers] == [404, 404]


def not_found(person, name, number):
    """What the page says, its status checked."""
    address = reverse(name, args=[person.institution.slug, number])
    assert person.page.goto(address).status == 404, name
    return person.page.locator("main").inner_text()
