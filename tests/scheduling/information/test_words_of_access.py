"""What the pages of an access and the log say to their readers."""

import pytest
from django.urls import reverse

from tests.scheduling.information.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_the_log_names_roles_in_the_words_of_its_reader(granted, look, owner, steward):
    look(granted())
    reader = signed_in(steward)
    address = reverse("scheduling:information-log", args=[owner.slug])
    assert "Coordinator" in reader.get(address).text
    steward.language = "zh-hans"
    steward.save()
    told = signed_in(steward).get(address).text
    assert "协调员" in told
    assert "coordinator" not in told.split("<tbody>")[1].split("</tbody>")[0]


def test_an_ended_access_says_so(granted, look, steward, now):
    request = granted(looks=1)
    look(request)
    page = signed_in(steward).get(f"/at/owner/requests/{request.pk}/").text
    assert "1 of 1 looks were used" in page
    assert "Open until" not in page
    assert "shared with" in page
