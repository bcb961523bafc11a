"""The home employer calls a person back from a booked shift, with the notice that it promised."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medshare_portal.models import Notification
from scheduling.actions import changes
from scheduling.models import SharingRequest, StaffEngagement, StaffMail
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def shift(db):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    nurse = make.person(make.institution("home"))
    make.offer(nurse, now=now)
    row = make.sharing_request(
        nurse, make.institution("host"), state="approved", now=now, starts_at=now + 40 * HOUR,
        ends_at=now + 52 * HOUR, recall_notice_hours=24,
    )  # fmt: skip
    if not hasattr(row, "staff_engagement"):
        StaffEngagement.unscoped.create(sharing_request=row, break_minutes=60)
    row.now = now
    return row


def call_back(shift, hours):
    manager = make.user(at=shift.owner, role="staffing_manager")
    return changes.recall(
        sharing_request=shift,
        new_ends_at=shift.now + hours * HOUR,
        reason="An emergency at home",
        by=manager,
        now=shift.now,
    )


def test_a_person_is_called_back_with_the_promised_notice(shift):
    call_back(shift, 45)
    assert SharingRequest.unscoped.get(pk=shift.pk).ends_at == shift.now + 45 * HOUR
    assert StaffMail.unscoped.get().event == "changed"
    (link,) = Notification.unscoped.get(event="recalled").context["links"]
    assert link["url"].startswith("/at/host/staff/")


def test_less_notice_is_refused(shift):
    with pytest.raises(changes.NoticeTooShort):
        call_back(shift, 23)
    assert not StaffMail.unscoped.exists()


def test_the_host_finds_the_search_for_somebody_else_filled_in(shift):
    call_back(shift, 45)
    client = Client()
    client.force_login(make.user(at=shift.borrower, role="staffing_manager"))
    page = client.get(reverse("scheduling:request-detail", args=["host", shift.pk]))
    lost = page.context["lost"]
    assert lost["rows"] == []
    assert "#instead" not in lost["find_url"]
    found = client.get(lost["find_url"])
    assert found.status_code == 200, found.context["form"].errors
    assert found.context["found"] is not None


def test_the_home_employer_has_the_button_and_its_form(shift):
    client = Client()
    client.force_login(make.user(at=shift.owner, role="staffing_manager"))
    page = client.get(reverse("scheduling:request-detail", args=["home", shift.pk]))
    assert "request-recall" in [step.page for step in page.context["possible"]]
    form = client.get(reverse("scheduling:request-recall", args=["home", shift.pk]))
    assert form.status_code == 200


def test_more_time_is_a_further_shift_of_the_same_person_and_asked_from_the_page(shift):
    client = Client()
    client.force_login(make.user(at=shift.borrower, role="staffing_manager"))
    page = client.get(reverse("scheduling:request-detail", args=["host", shift.pk]))
    address = page.context["facts"]["further_url"]
    assert address.replace("&", "&amp;") in page.content.decode()
    form = client.get(address).context["form"]
    assert form.cleaned_data["starts_at"] == shift.ends_at
    assert form.cleaned_data["break_minutes"] == 60
    client.force_login(make.user(at=shift.owner, role="staffing_manager"))
    page = client.get(reverse("scheduling:request-detail", args=["home", shift.pk]))
    assert page.context["facts"]["further_url"] == ""


def test_somebody_else_for_the_rest_is_ranked_on_the_page_and_invited_from_it(shift):
    call_back(shift, 45)
    other = make.compliant(make.institution("second-home"), shift.borrower, code="OTHER-1")
    client = Client()
    client.force_login(make.user(at=shift.borrower, role="staffing_manager"))
    page = client.get(reverse("scheduling:request-detail", args=["host", shift.pk]))
    [row] = page.context["lost"]["ranking"]["rows"]
    assert (row["code"], row["owner"]) == (other.code, other.institution.name)
    assert other.staff_member.person_name not in page.content.decode()
    assert client.get(row["url"]).status_code == 200
