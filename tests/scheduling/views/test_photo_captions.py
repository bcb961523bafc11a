# ruff: noqa: F811 – fixtures that come from the module of the handovers
"""What the photos of a handover show, in words: written with them, read by both sides only."""

import pytest

from medshare_portal.models import AuditEvent, Notification
from scheduling.models import HandoverPhoto
from tests import make
from tests.scheduling.views.test_handovers import (  # noqa: F401 – fixtures
    booking,
    borrower,
    device,
    filled,
    now,
    owner,
    people,
    picture,
    post,
)

pytestmark = pytest.mark.django_db
CANARY = "Kanarienkratzer left side"


@pytest.fixture
def handed_over(client, device, booking, people):
    """Two photos and a line for the second alone."""
    client.force_login(people["renhe"])
    sent = filled(device, "handover", photos=[picture("PNG"), picture("JPEG")])
    answer = post(client, "renhe", booking, "handover", sent | {"captions": f"\r\n {CANARY} "})
    assert answer.status_code == 302, answer.context["form"].errors
    return booking


def test_each_photo_has_its_line_in_place_of_a_number(client, handed_over, people):
    photos = HandoverPhoto.unscoped.order_by("pk")
    assert list(photos.values_list("caption", flat=True)) == ["", CANARY]
    for slug, person in people.items():
        client.force_login(person)
        page = client.get(f"/at/{slug}/requests/{handed_over.pk}/").text
        assert page.count(f'alt="{CANARY}"') == 1
        assert 'alt="Photo 1, Handover"' in page
        assert 'alt="Photo 2' not in page
    receipt = client.get(f"/at/dongbei/requests/{handed_over.pk}/receipt/")
    assert f'alt="{CANARY}"' in receipt.text


@pytest.mark.parametrize(
    ("lines", "photos"),
    [
        ("one\ntwo", 1),
        ("one", 0),
        ("x" * 201, 1),
        ("x" * 9999, 1),
        ("nul \u0000", 1),
    ],
)
def test_lines_that_belong_to_no_photo_are_refused(
    client,
    device,
    booking,
    people,
    lines,
    photos,
):
    client.force_login(people["renhe"])
    taken = {"photos": [picture("PNG") for _photo in range(photos)]} if photos else {}
    answer = post(
        client, "renhe", booking, "handover", filled(device, "handover", captions=lines, **taken)
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["captions"])
    assert not HandoverPhoto.unscoped.exists()


def test_what_a_photo_shows_is_read_by_the_two_sides_and_no_letter(client, handed_over):
    stranger = make.user(at=make.institution("xihu"), role="coordinator")
    official = make.city_user()
    for person, address in (
        (stranger, f"/at/xihu/requests/{handed_over.pk}/"),
        (stranger, f"/at/dongbei/requests/{handed_over.pk}/"),
        (official, f"/city/requests/{handed_over.pk}/conversation/"),
    ):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code in (403, 404)
        assert CANARY not in answer.text
    assert HandoverPhoto.unscoped.filter(caption=CANARY).exists()
    for told in Notification.unscoped.all():
        assert CANARY not in str(told.context)
    for event in AuditEvent.objects.everywhere(reason="test"):
        assert CANARY not in str(event.data)
