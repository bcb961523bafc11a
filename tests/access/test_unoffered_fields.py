"""A form takes the fields that it offers; others that are posted with it change nothing."""

from datetime import timedelta

from django.urls import reverse

from resources.models import BusyBlock
from scheduling.models import SharingRequest

KEY = {"idempotency_key": "a-key-that-nobody-had"}


def test_a_block_is_kept_for_the_device_of_the_address_whatever_else_is_posted(world):
    person = world.person("owner", "coordinator")
    starts = world.now + timedelta(days=40)
    data = KEY | {
        "reason": "own_use", "starts_at": f"{starts:%Y-%m-%dT10:00}", "ends_at": f"{starts:%Y-%m-%dT12:00}",
        "note": "", "institution": world.stranger.pk, "resource": world.hidden_device.pk,
        "source_uid": "forged", "created_by": 0,
    }  # fmt: skip
    address = reverse("resources:block-create", args=[world.owner.slug, world.device.pk])
    assert person.post(address, data).status_code == 302
    block = BusyBlock.unscoped.get()
    found = (block.institution, block.resource, block.source_uid, block.created_by)
    assert found == (world.owner, world.device, "", person.user)


def test_a_withdrawal_moves_to_withdrawn_whatever_state_is_posted(world):
    request = world.request("requested")
    data = KEY | {"text": "", "state": "approved", "owner": world.stranger.pk, "status": "closed"}
    address = reverse("scheduling:request-withdraw", args=[world.borrower.slug, request.pk])
    person = world.person("borrower", "coordinator")
    assert person.post(address, data).status_code == 302
    found = SharingRequest.unscoped.get(pk=request.pk)
    assert (found.state, found.owner) == ("withdrawn", world.owner)
