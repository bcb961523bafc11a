"""A step is offered to whom its page opens: every button of every role leads to a page."""

import pytest
from django.test import Client
from django.urls import reverse

from medshare_portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
STATES = {
    "medicine": ("requested", "approved", "underway", "finished", "closed"),
    "information": ("requested", "countered", "approved", "underway", "finished", "closed"),
    "equipment": ("requested", "approved", "underway", "finished", "closed"),
}


def request_of(kind, state, owner, borrower):
    if kind == "medicine":
        return make.transfer(make.offered_lot(owner), borrower, state=state)
    if kind == "information":
        return make.access_request(make.asset(owner), borrower, state=state)
    return make.sharing_request(make.equipment(owner), borrower, state=state)


def offered(answer) -> dict[str, str]:
    """Step → the address of its button."""
    request, slug = answer.context["sharing_request"], answer.context["institution"].slug
    return {
        step.name: reverse(f"scheduling:{step.page}", args=[slug, request.pk])
        for step in answer.context["possible"]
        if step.page not in ("handover", "return", "receipt")
    }


@pytest.mark.parametrize("role", [role for role in Role if role not in Role.CITY_ROLES])
@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, states in STATES.items() for state in states]
)
def test_every_button_leads_to_a_page(kind, state, role):
    owner, borrower = make.institution("owner"), make.institution("borrower")
    request = request_of(kind, state, owner, borrower)
    for institution in (owner, borrower):
        client = Client()
        client.force_login(make.user(at=institution, role=role))
        page = reverse("scheduling:request-detail", args=[institution.slug, request.pk])
        answer = client.get(page)
        statuses = {
            name: client.get(address).status_code for name, address in offered(answer).items()
        }
        assert set(statuses.values()) <= {200}, (institution.slug, statuses)


@pytest.mark.parametrize(
    ("kind", "state", "role", "side", "steps"),
    [
        ("information", "underway", "coordinator", "owner", set()),
        ("information", "underway", "information_steward", "owner", {"return"}),
        ("information", "underway", "coordinator", "borrower", {"return"}),
        ("information", "approved", "information_steward", "owner", {"cancel_by_owner"}),
        ("information", "approved", "coordinator", "borrower", {"hand_over", "cancel"}),
        ("medicine", "approved", "pharmacist", "borrower", {"cancel"}),
        ("medicine", "underway", "pharmacist", "owner", set()),
        ("medicine", "underway", "pharmacist", "borrower", {"return"}),
    ],
)
def test_a_step_is_its_makers_alone(kind, state, role, side, steps):
    sides = {"owner": make.institution("owner"), "borrower": make.institution("borrower")}
    request = request_of(kind, state, sides["owner"], sides["borrower"])
    client = Client()
    client.force_login(make.user(at=sides[side], role=role))
    answer = client.get(reverse("scheduling:request-detail", args=[side, request.pk]))
    assert set(offered(answer)) == steps


def test_what_waits_for_a_signature_says_so_in_place_of_the_button():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    request = request_of("medicine", "approved", owner, borrower)
    client = Client()
    client.force_login(make.user(at=owner, role="pharmacist"))
    answer = client.get(reverse("scheduling:request-detail", args=["owner", request.pk]))
    why = {step.name: str(step.why) for step in answer.context["greyed"]}
    assert why["hand_over"] == "This waits for: Acknowledgement of the receiver's director."


def test_a_signature_is_asked_of_whom_may_give_it():
    owner, borrower = make.institution("owner"), make.institution("borrower")
    request = request_of("medicine", "approved", owner, borrower)
    sign = reverse("scheduling:medicine-sign", args=["borrower", request.pk, "director"])
    page = reverse("scheduling:request-detail", args=["borrower", request.pk])
    for role, asked in (("approver", True), ("pharmacist", False)):
        client = Client()
        client.force_login(make.user(at=borrower, role=role))
        assert (sign in client.get(page).content.decode()) is asked
