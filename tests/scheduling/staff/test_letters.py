"""Letters to people when the mail server refuses: tried again, given up, and said."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from scheduling.kinds.staff.actions.mailing import mail_letters
from scheduling.models import StaffMail
from tests import make

MINUTE = timedelta(minutes=1)
SAID = "A letter to the person could not be delivered."


class Broken(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def invited(lending):
    lending.nurse.staff_member.email = "nurse@example.org"
    lending.nurse.staff_member.save()
    return lending.invite()


def letter():
    return StaffMail.unscoped.get()


def test_a_letter_is_tried_five_times_with_growing_pauses_and_given_up(lending, invited, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    tries = []
    for minute in range(300):
        mail_letters(now=lending.now + minute * MINUTE)
        tries.append(letter().tries)
    assert [n for n in range(300) if n == 0 or tries[n] > tries[n - 1]] == [0, 1, 5, 30, 240]
    assert (letter().sent_at, letter().failed_at) == (None, lending.now + 240 * MINUTE)


def test_a_letter_goes_out_once_the_server_is_back(lending, invited, settings):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    assert mail_letters(now=lending.now) == 0
    settings.EMAIL_BACKEND = working
    assert mail_letters(now=lending.now) == 0  # its next attempt is a minute later
    assert mail_letters(now=lending.now + MINUTE) == 1
    assert mail_letters(now=lending.now + 9 * MINUTE) == 0
    assert [message.to for message in mail.outbox] == [["nurse@example.org"]]
    assert letter().sent_at == lending.now + MINUTE


def test_the_home_employer_reads_that_a_letter_was_given_up_and_the_host_does_not(
    lending, invited, client
):
    StaffMail.unscoped.update(failed_at=lending.now, tries=5)
    client.force_login(lending.manager)
    page = reverse("scheduling:request-detail", args=["home", invited.pk])
    assert SAID in client.get(page).text
    client.force_login(lending.head)
    page = reverse("scheduling:request-detail", args=["host", invited.pk])
    assert SAID not in client.get(page).text


def test_the_registry_lists_what_was_given_up(lending, invited, client):
    StaffMail.unscoped.update(failed_at=lending.now, tries=5)
    client.force_login(make.city_user("registrar", role="registry_admin"))
    address = reverse("admin:scheduling_staffmail_changelist")
    assert invited.reference in client.get(address, {"failed_at__isempty": 0}).text
    assert invited.reference not in client.get(address, {"failed_at__isempty": 1}).text
