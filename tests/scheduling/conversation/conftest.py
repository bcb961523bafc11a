"""A request between two hospitals, a person on each side, an official, a stranger."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests import make

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def picture(size=(4, 3)):
    content = BytesIO()
    Image.new("RGB", size, "red").save(content, "PNG")
    return content.getvalue()


def upload(content=PDF, name="report.pdf"):
    return SimpleUploadedFile(name, content, "application/octet-stream")


@pytest.fixture
def now():
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def owner(db):
    return make.institution("renhe")


@pytest.fixture
def borrower(db):
    return make.institution("dongbei")


@pytest.fixture
def people(owner, borrower):
    """One of each side who may write, a reader, an official, somebody from elsewhere."""
    third = make.institution("third")
    return SimpleNamespace(
        lender=make.user("lender", at=owner, role="approver"),
        asker=make.user("asker", at=borrower, role="coordinator"),
        viewer=make.user("viewer", at=owner, role="viewer"),
        official=make.city_user(),
        registrar=make.city_user("registrar", role="registry_admin"),
        stranger=make.user("stranger", at=third, roles=("coordinator", "approver")),
    )


@pytest.fixture
def asked(owner, borrower, people, now):
    device = make.equipment(owner, last_safety_test=now.date())
    make.offer(device, now=now)
    return make.sharing_request(
        device, borrower, state="approved", now=now, by=people.asker, decided_by=people.lender
    )
