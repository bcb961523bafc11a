"""Handover, return, check and receipt; photos; where a scanned label leads."""

from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from scheduling.models import Handover, HandoverPhoto
from scheduling.states import State
from tests import make
from tests.make.answers import closed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
_keys = count(1)
CHECKED = {
    "handover": ["undamaged", "self_test", "accessories", "instructions", "battery"],
    "return": ["undamaged", "accessories", "data_removed"],
    "post-check": ["condition", "function", "safe"],
}


@pytest.fixture
def now():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


@pytest.fixture
def device(owner):
    device = make.equipment(
        owner, last_safety_test=timezone.now().date(), accessories={"Hoses": 4}, public_id="label7"
    )
    make.offer(device)
    return device


@pytest.fixture
def booking(device, borrower, now):
    return make.sharing_request(
        device,
        borrower,
        state="approved",
        starts_at=now - HOUR,
        ends_at=now + 9 * HOUR,
        agreement_accepted_at=now,
    )


@pytest.fixture
def people(owner, borrower):
    return {
        "renhe": make.user(at=owner, roles=["coordinator", "biomedical_engineer"]),
        "dongbei": make.user(at=borrower, role="coordinator"),
    }


def filled(device, step, **more):
    accessory = device.accessories.get()
    fields = {f"check_{code}": "on" for code in CHECKED[step]} | {
        f"accessory_{accessory.pk}": 4,
        "decontaminated": "on",
        "decontamination_record": "D-1",
        "counter_reading": 120,
        "idempotency_key": f"handover-test-{next(_keys):05d}",
    }
    return fields | more


def post(client, slug, row, step, fields):
    return client.post(f"/at/{slug}/requests/{row.pk}/{step}/", fields)


def picture(form="JPEG", name="front.exe"):
    written = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(written, form)
    return SimpleUploadedFile(name, written.getvalue(), content_type="application/x-nonsense")


def test_a_loan_goes_out_comes_back_and_is_closed(client, device, booking, people):
    steps = [
        ("renhe", "handover", "approved"),
        ("dongbei", "receipt", "underway"),
        ("dongbei", "return", "underway"),
        ("renhe", "receipt", "finished"),
        ("renhe", "post-check", "closed"),
    ]
    for slug, step, state in steps:
        client.force_login(people[slug])
        address = f"/at/{slug}/requests/{booking.pk}/{step}/"
        assert client.get(address).status_code == 200
        fields = (
            filled(device, step)
            if step in CHECKED
            else {"idempotency_key": f"handover-test-{next(_keys):05d}"}
        )
        answer = client.post(address, fields)
        assert (step, answer.status_code) == (step, 302)
        booking.refresh_from_db()
        assert (step, booking.state) == (step, state)
    assert set(Handover.unscoped.values_list("stage", "counter_reading")) == {
        ("handover", 120),
        ("return", 120),
        ("post_check", 120),
    }


def test_signed_on_the_spot_completes_the_step(client, device, booking, people):
    client.force_login(people["renhe"])
    answer = post(
        client, "renhe", booking, "handover", filled(device, "handover", receiver_name="Li Na")
    )
    booking.refresh_from_db()
    assert (answer.status_code, booking.state) == (302, State.UNDERWAY)
    assert Handover.unscoped.get().receiver_name == "Li Na"


def test_a_retried_form_is_one_handover(client, device, booking, people):
    client.force_login(people["renhe"])
    fields = filled(device, "handover")
    answers = [post(client, "renhe", booking, "handover", fields) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Handover.unscoped.count() == 1


def test_a_form_that_was_changed_and_sent_again_leads_to_the_record_of_the_first(
    client, device, booking, people
):
    client.force_login(people["renhe"])
    fields = filled(device, "handover")
    post(client, "renhe", booking, "handover", fields)
    answer = post(client, "renhe", booking, "handover", fields | {"counter_reading": 121})
    assert (answer.status_code, answer["Location"]) == (302, f"/at/renhe/requests/{booking.pk}/")
    assert Handover.unscoped.get().counter_reading == 120
    (words,) = [str(m) for m in client.get(answer["Location"]).context["messages"]][1:]
    assert words == "This step is recorded already, as it was sent first."


def test_the_script_is_told_where_to_go(client, device, booking, people):
    client.force_login(people["renhe"])
    address = f"/at/renhe/requests/{booking.pk}/handover/"
    by_script = {"X-Sent-By-Script": "1"}
    wrong = client.post(address, filled(device, "handover", counter_reading=-1), headers=by_script)
    assert (wrong.status_code, "X-Go-To" in wrong) == (422, False)
    answer = client.post(address, filled(device, "handover"), headers=by_script)
    assert (answer.status_code, answer["X-Go-To"]) == (204, f"/at/renhe/requests/{booking.pk}/")


def test_who_comes_back_to_a_step_behind_us_reads_so(client, device, booking, people):
    client.force_login(people["renhe"])
    address = f"/at/renhe/requests/{booking.pk}/handover/"
    assert client.get(address).context["recorded"] is False
    post(client, "renhe", booking, "handover", filled(device, "handover"))
    page = client.get(address)
    assert page.context["recorded"] is True
    assert "due-line" not in page.content.decode()
    assert 'data-recorded="yes"' in page.content.decode()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"check_battery": ""}, 409),
        ({"decontamination_record": ""}, 409),
        ({"counter_reading": 7}, 422),
        ({"counter_reading": -1}, 422),
        ({"counter_reading": "9" * 40}, 422),
        ({"problem": "on"}, 422),
    ],
)
def test_what_is_missing_refuses_the_handover(client, device, booking, people, change, status):
    client.force_login(people["renhe"])
    answer = post(client, "renhe", booking, "handover", filled(device, "handover", **change))
    assert (answer.status_code, Handover.unscoped.count()) == (status, 0)


def test_missing_accessories_pass_with_a_reason(client, device, booking, people):
    client.force_login(people["renhe"])
    fields = filled(device, "handover", **{f"accessory_{device.accessories.get().pk}": 3})
    answer = post(client, "renhe", booking, "handover", fields)
    assert answer.status_code == 422
    assert "accepted_EQ-12" in answer.context["form"].fields
    fields |= {"accepted_EQ-12": "They have their own", "idempotency_key": "handover-test-other"}
    assert post(client, "renhe", booking, "handover", fields).status_code == 302


def test_a_problem_is_reported_instead_of_a_tick(client, device, booking, people):
    client.force_login(people["renhe"])
    fields = filled(
        device, "handover", check_battery="", problem="on", condition_note="Battery weak"
    )
    assert post(client, "renhe", booking, "handover", fields).status_code == 302
    record = Handover.unscoped.get()
    assert (record.problem, record.condition_note) == (True, "Battery weak")


def test_photos_are_known_by_content_and_seen_by_both_sides_only(
    client, device, booking, people, owner
):
    client.force_login(people["renhe"])
    fake = SimpleUploadedFile("photo.jpg", b"MZ no picture", content_type="image/jpeg")
    refused = post(client, "renhe", booking, "handover", filled(device, "handover", photos=[fake]))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["photos"])
    good = filled(device, "handover", photos=[picture("PNG"), picture("JPEG")])
    assert post(client, "renhe", booking, "handover", good).status_code == 302
    photos = list(HandoverPhoto.unscoped.order_by("pk"))
    assert [photo.content_type for photo in photos] == ["image/jpeg", "image/jpeg"]
    stranger = make.user(at=make.institution("xihu"), role="coordinator")
    statuses = {}
    for slug, person in {**people, "xihu": stranger}.items():
        client.force_login(person)
        address = f"/at/{slug}/requests/{booking.pk}/photos/{photos[0].pk}/"
        answer = client.get(address)
        statuses[slug] = closed(answer).status_code
    assert statuses == {"renhe": 200, "dongbei": 200, "xihu": 404}


def test_only_who_may_hand_over_does(client, device, booking, owner):
    client.force_login(make.user(at=owner, role="viewer"))
    answer = post(client, "renhe", booking, "handover", filled(device, "handover"))
    assert answer.status_code == 403


def test_a_label_leads_to_the_step_that_is_due_or_says_what_comes_next(
    client, device, booking, people
):
    pk = booking.pk

    def scan(slug):
        client.force_login(people[slug])
        answer = client.get("/e/label7/")
        if answer.status_code == 302:
            return answer["Location"]
        return [str(due.step.why) for due in answer.context["dues"]]

    there = scan("renhe")
    assert there.startswith(f"/at/renhe/requests/{pk}/handover/?scanned=")
    words = "Scanned, this is the device"
    assert words in client.get(there).text
    for other, said in (("1", ""), ("label", ""), ("note", "compare the number")):
        page = client.get(f"/at/renhe/requests/{pk}/handover/?scanned={other}").text
        assert words not in page
        assert said in page
    assert scan("dongbei") == ["The other side has to hand it over first."]
    client.force_login(people["renhe"])
    post(client, "renhe", booking, "handover", filled(device, "handover"))
    assert scan("dongbei").startswith(f"/at/dongbei/requests/{pk}/receipt/?scanned=")
    assert scan("renhe") == ["Recorded; the other side has to confirm receipt."]
    client.force_login(people["dongbei"])
    post(client, "dongbei", booking, "receipt", {"idempotency_key": "handover-test-receipt"})
    assert scan("dongbei").startswith(f"/at/dongbei/requests/{pk}/return/?scanned=")
    assert scan("renhe") == ["The other side has to give it back first."]


def test_a_label_tells_nothing_to_the_signed_out_or_to_who_may_not_see_it(client, device, owner):
    assert client.get("/e/label7/").status_code == 302  # to the sign-in page
    hidden = make.equipment(owner, public_id="label8", visibility="private")
    client.force_login(make.user(at=make.institution("xihu"), role="coordinator"))
    assert client.get(f"/e/{hidden.public_id}/").status_code == 404
    assert client.get("/e/nothing/").status_code == 404


def test_the_label_page_draws_the_code_for_the_owner_only(client, device, people):
    client.force_login(people["renhe"])
    page = client.get(f"/at/renhe/resources/{device.pk}/label/").content.decode()
    assert "/e/label7/" in page
    assert "<svg" in page
    assert "style=" not in page
    address = f"/at/renhe/resources/{device.pk}/label/"
    assert address in client.get(f"/at/renhe/resources/{device.pk}/").text
    client.force_login(people["dongbei"])
    assert "label/" not in client.get(f"/at/dongbei/resources/{device.pk}/").text
    assert client.get(f"/at/dongbei/resources/{device.pk}/label/").status_code == 404
