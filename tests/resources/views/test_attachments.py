"""Files of a resource: checked by content, kept under random names, served to those who may see."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from medshare_portal.models import AuditEvent
from resources.actions.attachments import MOST_PER_RESOURCE
from resources.models import Attachment
from tests import make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def png():
    content = BytesIO()
    Image.new("RGB", (4, 3), "red").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def renhe():
    return make.institution("renhe")


@pytest.fixture
def device(renhe):
    return make.equipment(renhe)


@pytest.fixture
def coordinator(client, renhe):
    client.force_login(make.user("coordinator", at=renhe, role="coordinator"))
    return client


def send(
    client, device, content, *, name="x.png", purpose="photo", title="Front", key="key-0000001"
):
    file = SimpleUploadedFile(name, content, "text/html")
    form = {"purpose": purpose, "title": title, "file": file, "idempotency_key": key}
    return client.post(f"/at/renhe/resources/{device.pk}/files/add/", form)


def stored(device):
    return Attachment.objects.owned_by(device.institution).get(resource=device)


def test_a_photo_is_kept_under_a_random_name_whatever_it_was_called(coordinator, device):
    response = send(coordinator, device, png(), name="../../etc/pass\r\nwd.html")
    assert response.status_code == 302
    photo = stored(device)
    assert re.fullmatch(r"attachments/\d{4}/\d\d/[0-9a-f]{32}\.png", photo.file.name)
    assert (photo.content_type, photo.size) == ("image/png", len(png()))
    event = AuditEvent.objects.everywhere(reason="test").get(action="attachment.added")
    assert event.data["title"] == "Front"


def test_a_photo_is_shown_inline_and_a_manual_downloaded(coordinator, device):
    send(coordinator, device, png())
    send(coordinator, device, PDF, purpose="manual", title="Manual", key="key-0000002")
    photo, manual = Attachment.objects.owned_by(device.institution).order_by("pk")
    answers = [
        coordinator.get(f"/at/renhe/resources/{device.pk}/files/{file.pk}/")
        for file in (photo, manual)
    ]
    assert [b"".join(answer.streaming_content) for answer in answers] == [png(), PDF]
    assert [answer["Content-Disposition"] for answer in answers] == [
        f'inline; filename="photo-{photo.pk}.png"',
        f'attachment; filename="manual-{manual.pk}.pdf"',
    ]
    for answer in answers:
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"].startswith("private")
    assert answers[1]["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("content", "purpose", "message"),
    [
        (
            b"<html><script>",
            "photo",
            "Only JPEG, PNG and WebP pictures and PDF documents can be stored.",
        ),
        (b"\x89PNG\r\n\x1a\nrubbish", "photo", "The file is damaged"),
        (PDF, "photo", "This must be a picture"),
        (png(), "virus", "Select a valid choice."),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    coordinator, device, content, purpose, message
):
    response = send(coordinator, device, content, purpose=purpose)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Attachment.objects.owned_by(device.institution).exists()


def test_there_is_an_end_to_the_number_of_files(coordinator, device):
    send(coordinator, device, png())
    first = stored(device)
    for _number in range(MOST_PER_RESOURCE - 1):
        first.pk = None
        first.save(force_insert=True)
    response = send(coordinator, device, png(), key="key-0000002")
    assert response.status_code == 422
    assert "There are already 20 files." in response.content.decode()


def test_others_read_files_of_what_they_see_and_of_nothing_else(coordinator, device, client):
    send(coordinator, device, png())
    url = f"/at/other/resources/{device.pk}/files/{stored(device).pk}/"
    client.force_login(make.user(at=make.institution("other"), role="viewer"))
    answer = client.get(url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, png())
    device.visibility = "private"
    device.save()
    assert client.get(url).status_code == 404
    assert client.get(url.replace("/at/other/", "/at/renhe/")).status_code == 404


def test_a_file_is_asked_for_with_its_own_resource(coordinator, device, renhe):
    send(coordinator, device, png())
    other = make.equipment(renhe)
    assert (
        coordinator.get(f"/at/renhe/resources/{other.pk}/files/{stored(device).pk}/").status_code
        == 404
    )


def test_the_owner_removes_a_file_with_its_bytes(
    coordinator, device, django_capture_on_commit_callbacks
):
    send(coordinator, device, png())
    photo = stored(device)
    url = f"/at/renhe/resources/{device.pk}/files/{photo.pk}/remove/"
    assert coordinator.get(url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert coordinator.post(url, {"idempotency_key": "key-0000002"}).status_code == 302
    assert not photo.file.storage.exists(photo.file.name)
    assert not Attachment.objects.owned_by(device.institution).exists()
    event = AuditEvent.objects.everywhere(reason="test").get(action="attachment.removed")
    assert event.data["title"] == "Front"
