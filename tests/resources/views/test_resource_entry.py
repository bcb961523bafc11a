"""Enter, revise, set the state, retire: through the pages, as a person does."""

import pytest
from django.core.cache import cache

from medshare_portal.models import AuditEvent
from resources.models import Resource
from tests import make

pytestmark = pytest.mark.django_db
NEW = "/at/renhe/resources/new/equipment/"


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def renhe():
    return make.institution("renhe")


@pytest.fixture
def engineer(client, renhe):
    client.force_login(make.user("engineer", at=renhe, role="biomedical_engineer"))
    return client


def filled(institution, **changes):
    values = {
        "idempotency_key": "key-0000001",
        "name_en": "Ventilator",
        "name_zh": "呼吸机",
        "code": "RH-1",
        "category": make.category().pk,
        "site": institution.sites.get().pk,
        "room": "",
        "units": 1,
        "condition": "good",
        "detail-model": "V-500",
        "detail-manufacturer": "Maker",
        "detail-serial_no": "S-1",
        "detail-nmpa_category": make.nmpa_code().pk,
        "detail-risk_class": "III",
        "detail-registration_no": "国械注准20233080001",
        "detail-licensed_large": "none",
        "detail-loan": "on",
        "detail-status": "operational",
        "detail-decontamination_state": "clean",
        "detail-rated_hours_day": "6",
        "detail-rated_hours_year": "1500",
        "detail-safety_test_result": "pass",
        "detail-deposit": "0",
        "accessory-TOTAL_FORMS": 2,
        "accessory-INITIAL_FORMS": 0,
        "accessory-0-name_en": "Hose",
        "accessory-0-count": 2,
        "accessory-1-name_en": "",
        "accessory-1-count": "1",
    }
    return values | changes


def test_a_registered_device_is_a_draft_that_its_institution_finds(engineer, renhe):
    response = engineer.post(NEW, filled(renhe))
    made = Resource.objects.owned_by(renhe).select_related("equipment").get()
    assert response["Location"] == f"/at/renhe/resources/{made.pk}/"
    assert (made.status, made.visibility, made.equipment.serial_no) == ("draft", "private", "S-1")
    assert [str(line) for line in made.accessories.all()] == ["Hose × 2"]
    assert (len(made.public_id), made.public_id.isalnum()) == (22, True)
    for text in ("呼吸", "vent", "S-1", "maker"):
        assert "RH-1" in engineer.get("/at/renhe/resources/", {"q": text}).content.decode()
    event = AuditEvent.objects.everywhere(reason="test").get(chain="renhe")
    assert (event.action, event.object_id) == ("resource.registered", str(made.pk))


def test_a_double_click_registers_once(engineer, renhe):
    first, second = (engineer.post(NEW, filled(renhe)) for _click in range(2))
    assert first["Location"] == second["Location"]
    assert Resource.objects.owned_by(renhe).count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name_en": "", "name_zh": ""}, "Give a name in at least one language."),
        ({"detail-registration_no": ""}, "Class II and III need a registration number."),
        (
            {"detail-licensed_large": "A", "detail-loan": ""},
            "Licensed large equipment needs the number of its licence.",
        ),
        (
            {"detail-licensed_large": "A", "detail-licence_no": "L1"},
            "This item can only be used at its licensed site.",
        ),
        ({"detail-fixed": "on"}, "This item can only be used at its licensed site."),
        ({"detail-radiation": "on"}, "A device that emits radiation needs its licence."),
        ({"detail-single_use": "on"}, "Single-use items cannot be lent."),
        (
            {"detail-last_pm": "2026-05-01", "detail-next_pm_due": "2026-04-30"},
            "The due date lies before the last one.",
        ),
        ({"detail-status": "down"}, "Say what is wrong or what is limited."),
        ({"detail-udi_di": "06901234567890"}, "Check digit wrong"),
        ({"detail-emdn": "z1"}, "A letter and up to 12 digits."),
        ({"units": "0"}, "greater than or equal to 1"),
        ({"units": "-1"}, "greater than or equal to"),
        ({"code": "a\x00b"}, "Null characters are not allowed."),
        ({"detail-last_pm": "0000-01-01"}, "Enter a valid date."),
        ({"detail-last_pm": "99999-01-01"}, "Enter a valid date."),
        (
            {"detail-last_pm": "2026-01-01", "detail-pm_interval_days": "2147483647"},
            "This interval is too long.",
        ),
        ({"detail-deposit": "-1"}, "greater than or equal to 0"),
        ({"detail-nmpa_category": "99999999"}, "Select a valid choice."),
        ({"room": "x" * 100_000}, "at most 80 characters"),
        ({"accessory-0-count": "-3"}, "greater than or equal to 1"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_saved(
    engineer, renhe, changes, message
):
    response = engineer.post(NEW, filled(renhe, **changes))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Resource.objects.owned_by(renhe).exists()


def test_another_institutions_site_is_no_choice(engineer, renhe):
    response = engineer.post(NEW, filled(renhe, site=make.institution("other").sites.get().pk))
    assert response.status_code == 422
    assert not Resource.objects.owned_by(renhe).exists()


def test_an_asset_number_is_used_once_per_institution(engineer, renhe):
    make.equipment(make.institution("other"), code="RH-1")
    assert engineer.post(NEW, filled(renhe)).status_code == 302
    again = filled(renhe, idempotency_key="key-0000002", **{"detail-serial_no": "S-2"})
    response = engineer.post(NEW, again)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"code"}
    assert "This asset number is already in use." in response.content.decode()


def test_a_serial_number_of_a_maker_is_registered_once(engineer, renhe):
    make.equipment(make.institution("other"), manufacturer="Maker", serial_no="S-1")
    response = engineer.post(NEW, filled(renhe))
    assert response.status_code == 422
    assert set(response.context["form"].detail.errors) == {"serial_no"}
    assert "This serial number of this manufacturer is registered." in response.content.decode()
    assert not Resource.objects.owned_by(renhe).exists()


def test_revising_audits_what_was_before_and_keeps_equal_accessories(engineer, renhe):
    engineer.post(NEW, filled(renhe))
    made = Resource.objects.owned_by(renhe).get()
    hose = made.accessories.get().pk
    changed = filled(renhe, idempotency_key="key-0000002", version=1, name_en="Ventilator 2")
    changed |= {"accessory-INITIAL_FORMS": 1, "accessory-1-name_en": "Stand"}
    assert engineer.post(f"/at/renhe/resources/{made.pk}/edit/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.name_en, made.version) == ("Ventilator 2", 2)
    assert [line.name_en for line in made.accessories.order_by("pk")] == ["Hose", "Stand"]
    assert made.accessories.order_by("pk")[0].pk == hose
    event = AuditEvent.objects.everywhere(reason="test").get(action="resource.revised")
    assert event.data == {
        "name_en": ["Ventilator", "Ventilator 2"],
        "accessories": [["Hose × 2"], ["Hose × 2", "Stand × 1"]],
    }


def test_a_form_that_was_opened_before_anothers_change_is_refused(engineer, renhe):
    engineer.post(NEW, filled(renhe))
    made = Resource.objects.owned_by(renhe).get()
    Resource.objects.owned_by(renhe).update(version=2)
    stale = filled(renhe, idempotency_key="key-0000002", version=1, name_en="Late")
    assert engineer.post(f"/at/renhe/resources/{made.pk}/edit/", stale).status_code == 412
    made.refresh_from_db()
    assert made.name_en == "Ventilator"


def test_units_stay_while_something_is_booked(engineer, renhe):
    engineer.post(NEW, filled(renhe))
    made = Resource.objects.owned_by(renhe).get()
    make.sharing_request(made, make.institution("borrower"), state="approved")
    more = filled(renhe, idempotency_key="key-0000002", version=1, units=3)
    response = engineer.post(f"/at/renhe/resources/{made.pk}/edit/", more)
    assert response.status_code == 409
    assert "Something of it is booked." in response.content.decode()


def test_the_technical_state_is_set_with_a_note(engineer, renhe):
    device = make.equipment(renhe)
    url = f"/at/renhe/resources/{device.pk}/state/"
    key = {"idempotency_key": "key-0000001"}
    assert engineer.post(url, key | {"status": "down", "note": " "}).status_code == 422
    assert engineer.post(url, key | {"status": "down", "note": "Valve leaks"}).status_code == 302
    device.equipment.refresh_from_db()
    assert (device.equipment.status, device.equipment.status_note) == ("down", "Valve leaks")
    event = AuditEvent.objects.everywhere(reason="test").get(action="equipment.state_set")
    assert event.data == {"status": ["operational", "down"], "note": ["", "Valve leaks"]}


def test_retiring_waits_for_the_offer_and_the_bookings(engineer, renhe):
    device = make.equipment(renhe, units=2)
    offer = make.offer(device)
    url = f"/at/renhe/resources/{device.pk}/retire/"
    response = engineer.post(url, {"idempotency_key": "key-0000001"})
    assert (response.status_code, "Withdraw the offer first." in response.content.decode()) == (
        409,
        True,
    )
    booking = make.sharing_request(device, make.institution("borrower"), state="approved")
    offer.status = "withdrawn"
    offer.save()
    assert engineer.post(url, {"idempotency_key": "key-0000002"}).status_code == 409
    booking.state, booking.decision_code, booking.ended_at = (
        "cancelled",
        "no_longer_needed",
        booking.created_at,
    )
    booking.save()
    assert engineer.post(url, {"idempotency_key": "key-0000003"}).status_code == 302
    device.refresh_from_db()
    assert device.status == "retired"


@pytest.mark.parametrize("page", ["edit", "state", "retire", "files/add"])
def test_anothers_resource_is_not_found_and_a_viewer_is_told_whom_to_ask(client, renhe, page):
    theirs, ours = make.equipment(make.institution("other")), make.equipment(renhe)
    client.force_login(make.user(at=renhe, role="coordinator"))
    assert client.get(f"/at/renhe/resources/{theirs.pk}/{page}/").status_code == 404
    assert client.get(f"/at/renhe/resources/{ours.pk}/{page}/").status_code == 200
    client.force_login(make.user(at=renhe, role="viewer"))
    response = client.get(f"/at/renhe/resources/{ours.pk}/{page}/")
    assert response.status_code == 403
    assert "Coordinator" in response.content.decode()
