"""One resource's page: its owner sees all, others what the contract allows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medshare_portal.visibility import Reader, visible_fields
from resources.models import Equipment
from resources.panels import Panel, panels, register
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make.institution("renhe")


@pytest.fixture
def stranger():
    return make.institution("dongbei")


def page(client, institution, resource, role="coordinator"):
    client.force_login(make.user(at=institution, role=role))
    return client.get(f"/at/{institution.slug}/resources/{resource.pk}/")


def with_canaries(owner):
    texts = {
        field.name: f"CANARY-{field.name}"[: field.max_length]
        for field in Equipment._meta.concrete_fields
        if field.get_internal_type() == "CharField"
        and not field.choices
        and field.name not in ("emdn", "udi_di")
    }
    return make.equipment(owner, room="CANARY-room", **texts), texts


def test_the_owner_sees_every_field_and_others_only_what_the_contract_allows(
    client, owner, stranger
):
    device, texts = with_canaries(owner)
    own, theirs = (page(client, who, device).content.decode() for who in (owner, stranger))
    assert {name for name, text in texts.items() if text not in own} == set()
    allowed = visible_fields("resources.Equipment", Reader.OTHERS)
    assert {name for name, text in texts.items() if text in theirs} == set(texts) & allowed
    assert "CANARY-room" in own
    assert "CANARY-room" not in theirs


def test_what_is_not_visible_is_not_found(client, owner, stranger):
    for fields in ({"visibility": "private"}, {"status": "draft"}, {"visibility": "named"}):
        assert page(client, stranger, make.equipment(owner, **fields)).status_code == 404


def test_terms_and_free_times_without_what_is_taken(client, owner, stranger):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    device = make.equipment(owner)
    make.offer(
        device,
        intervals=[(now + timedelta(hours=2), now + timedelta(hours=10))],
        fee_per_hour=75,
        conditions="CANARY-terms",
    )
    make.block(
        device,
        now + timedelta(hours=4),
        now + timedelta(hours=10),
        by=make.user(at=owner, role="coordinator"),
        note="CANARY-note",
    )
    response = page(client, stranger, device)
    text = response.content.decode()
    assert response.context["free_times"] == [(now + timedelta(hours=2), now + timedelta(hours=4))]
    assert "¥75" in text
    assert "CANARY-terms" in text
    assert "CANARY-note" not in text


def test_buttons_follow_the_permission_and_a_colleague_is_told_whom_to_ask(client, owner, stranger):
    device = make.equipment(owner)
    make.offer(device)
    labels = [button["label"] for button in page(client, owner, device).context["buttons"]]
    assert labels[0] == "Edit"
    response = page(client, stranger, device, role="viewer")
    assert response.context["buttons"] == []
    assert "To request it, ask your Coordinator" in response.content.decode()


def test_upper_apps_add_panels(client, owner):
    device = make.equipment(owner)
    panel = Panel(
        name="toy",
        template="components/timeline_defs.html",
        context=lambda request, resource, now: {"title": "x"} if resource == device else None,
    )
    register(panel)
    try:
        shown = [entry["context"] for entry in page(client, owner, device).context["panels"]]
    finally:
        panels.remove("toy")
    assert {"title": "x"} in shown


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999999"])
def test_an_unknown_number_is_not_found(client, owner, pk):
    client.force_login(make.user(at=owner, role="viewer"))
    assert client.get(f"/at/renhe/resources/{pk}/").status_code == 404
