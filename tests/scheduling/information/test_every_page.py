"""Every page that lists requests shows those for information as well, in every state."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scheduling.kinds.information.actions import deciding, ending, glass, looking
from scheduling.models import SharingRequest
from tests import make
from tests.scheduling.information.conftest import HOME, signed_in

pytestmark = pytest.mark.django_db
PAGES = [
    "reports:home",
    "scheduling:inbox",
    "scheduling:inbox?tab=asked",
    "scheduling:inbox?tab=done",
    "scheduling:lending",
    "scheduling:borrowing",
    "scheduling:calendar",
    "portal:audit",
    "portal:notifications",
    "scheduling:information-log",
    "scheduling:information-glass",
    "resources:resource-list?kind=information",
    "resources:offer-list",
]


@pytest.fixture
def in_every_state(ask, granted, owner, borrower, steward, clinician, now):
    """Requests for information, one per state that they reach."""

    def fresh():
        return {"resource": make.asset(owner)}

    def look(request):
        looking.look(
            sharing_request=request, institution=borrower, by=clinician, address=HOME, now=now
        )
        return request

    made = {
        "requested": ask(**fresh()),
        "countered": ask(**fresh()),
        "approved": granted(**fresh()),
        "underway": look(granted(**fresh())),
        "finished": look(granted(looks=1, **fresh())),
        "closed": look(granted(looks=1, **fresh())),
        "cancelled": granted(**fresh()),
        "no_show": granted(days=1, **fresh()),
    }
    deciding.return_for_changes(
        sharing_request=made["countered"], by=steward, now=now, text="Fewer looks"
    )
    deciding.close(sharing_request=made["closed"], by=steward, now=now)
    ending.revoke(sharing_request=made["cancelled"], by=steward, now=now, text="x")
    ending.end_due(now=now + timedelta(days=1))
    made["glass"] = glass.break_glass(
        resource=make.asset(owner),
        borrower=borrower,
        purpose_of_use="ETREAT",
        recipient_role="nurse",
        reason="Unconscious patient, no history known",
        by=clinician,
        address=HOME,
        now=now,
    )
    states = SharingRequest.unscoped.values_list("state", flat=True)
    assert set(states) == set(made) - {"glass"}
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("side", ["owner", "borrower"])
def test_pages_show_information_in_every_state(in_every_state, owner, borrower, side, language):
    institution = {"owner": owner, "borrower": borrower}[side]
    roles = ("information_steward", "coordinator", "approver")
    person = make.user(at=institution, roles=roles, language=language)
    client = signed_in(person)
    addresses = []
    for page in PAGES:
        name, _mark, query = page.partition("?")
        addresses.append(f"{reverse(name, args=[institution.slug])}?{query}")
    for request in in_every_state.values():
        addresses.append(reverse("scheduling:request-detail", args=[institution.slug, request.pk]))
        addresses.append(
            reverse("resources:resource-detail", args=[institution.slug, request.resource_id])
        )
    statuses = {address: client.get(address).status_code for address in addresses}
    assert set(statuses.values()) == {200}, statuses


def test_the_city_sees_information_requests_in_its_pages(in_every_state):
    client = signed_in(make.city_user())
    assert client.get(reverse("city:home")).status_code == 200


@pytest.mark.parametrize("name", ["lending", "borrowing"])
def test_lists_of_information_can_be_exported(in_every_state, owner, borrower, name):
    institution = owner if name == "lending" else borrower
    client = signed_in(make.user(at=institution, role="information_steward"))
    url = reverse(f"scheduling:{name}-export", args=[institution.slug])
    response = client.post(url, {"format": "csv", "idempotency_key": "a-key-of-a-form-0001"})
    text = b"".join(response.streaming_content).decode()
    assert text.count("IN-") == 9
