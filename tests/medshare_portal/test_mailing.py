"""The outbox is mailed once, as people wish."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils.translation import gettext_lazy as _

from medshare_portal import mailing, notices
from medshare_portal.models import Notification, NotificationPreference
from tests import make

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # 12:00 in Shanghai
SEVEN = datetime(2026, 11, 24, 23, tzinfo=UTC)  # 07:00 on the 25th


class Approved(notices.Notice):
    code = "test.approved"
    label = _("E-mail")
    subject = "%(what)s\napproved"
    body = "From %(owner)s"
    relevant = True

    @classmethod
    def url(cls, notification):
        return "/at/renhe/requests/1/"

    @classmethod
    def still_relevant(cls, notification):
        return cls.relevant


class Broken(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def notice():
    notices.notice(Approved)
    yield Approved
    notices.registry.remove(Approved.code)
    Approved.urgent, Approved.relevant = False, True


@pytest.fixture
def borrower(db):
    return make.user("borrower", full_name="Li Wei")


def told(user, key="k-1", at=NOON):
    notices.queue(
        Approved,
        users=[user],
        institution=None,
        event_key=key,
        context={"what": "EQ-1", "owner_en": "Renhe", "owner_zh": "仁和"},
        now=at,
    )
    return Notification.unscoped.get(user=user, event_key=key)


def state(row):
    return Notification.unscoped.values_list("mail", flat=True).get(pk=row.pk)


def prefer(user, channel):
    NotificationPreference.objects.create(user=user, event=Approved.code, channel=channel)


def test_a_message_goes_to_the_person_in_one_line_and_with_the_portals_address(
    notice, borrower, settings
):
    row = told(borrower)
    assert mailing.send_waiting(now=NOON) == 1
    [message] = mail.outbox
    assert message.to == ["borrower@example.org"]
    assert message.subject == "EQ-1 approved"
    assert "Hello Li Wei," in message.body
    assert "From Renhe" in message.body
    assert f"{settings.PORTAL_URL}/at/renhe/requests/1/" in message.body
    assert state(row) == "sent"


def test_the_message_is_in_the_readers_language(notice, borrower):
    borrower.language = "zh-hans"
    borrower.save()
    told(borrower)
    mailing.send_waiting(now=NOON)
    assert "From 仁和" in mail.outbox[0].body


def test_one_event_is_told_to_a_person_once(notice, borrower):
    told(borrower)
    told(borrower)
    mailing.send_waiting(now=NOON)
    mailing.send_waiting(now=NOON)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("channel", "left"), [("none", "skipped"), ("digest", "digest")])
def test_a_wish_keeps_the_message_back(notice, borrower, channel, left):
    prefer(borrower, channel)
    row = told(borrower)
    assert mailing.send_waiting(now=NOON) == 0
    assert (state(row), mail.outbox) == (left, [])


def test_an_urgent_notice_comes_at_once_whatever_the_wish(notice, borrower):
    prefer(borrower, "digest")
    Approved.urgent = True
    row = told(borrower)
    mailing.send_waiting(now=NOON)
    assert state(row) == "sent"


def test_what_is_no_longer_relevant_is_not_mailed(notice, borrower):
    Approved.relevant = False
    row = told(borrower)
    assert mailing.send_waiting(now=NOON) == 0
    assert state(row) == "skipped"


def test_people_who_left_and_people_without_address_get_nothing(notice, borrower):
    gone = make.user("gone", is_active=False)
    silent = make.user("silent", email="")
    rows = [told(gone), told(silent)]
    mailing.send_waiting(now=NOON)
    assert [state(row) for row in rows] == ["skipped", "skipped"]


def test_a_broken_server_is_tried_five_times_with_growing_pauses(notice, borrower, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    row = told(borrower)
    tries = {}
    for minute in range(300):
        mailing.send_waiting(now=NOON + timedelta(minutes=minute))
        tries[minute] = Notification.unscoped.get(pk=row.pk).mail_tries
    made = [minute for minute in tries if minute == 0 or tries[minute] > tries[minute - 1]]
    assert made == [0, 1, 5, 30, 240]
    assert state(row) == "failed"


def test_what_waits_for_its_next_attempt_is_in_nobodys_way(notice, borrower, monkeypatch):
    monkeypatch.setattr(mailing, "AT_ONCE", 1)
    Notification.unscoped.filter(pk=told(borrower, "first").pk).update(mail_tries=2)
    row = told(borrower, "second", NOON + timedelta(minutes=1))
    mailing.send_waiting(now=NOON + timedelta(minutes=2))
    assert state(row) == "sent"


def test_a_row_that_another_run_took_is_left_to_it(notice, borrower):
    row = told(borrower)
    seen = Notification.unscoped.select_related("user").get(pk=row.pk)
    Notification.unscoped.filter(pk=row.pk).update(mail_tries=1)
    assert not mailing._claim(seen)


def test_the_digest_is_one_message_in_the_morning(notice, borrower):
    prefer(borrower, "digest")
    rows = [told(borrower, f"k-{n}", NOON + timedelta(minutes=n)) for n in range(3)]
    mailing.send_waiting(now=NOON + timedelta(minutes=5))
    assert mailing.send_digests(now=SEVEN - timedelta(minutes=1)) == 0
    assert mailing.send_digests(now=SEVEN) == 1
    assert mailing.send_digests(now=SEVEN + timedelta(hours=2)) == 0
    [message] = mail.outbox
    assert message.subject == "3 notices from MedShare"
    assert message.body.count("* EQ-1") == 3
    assert {state(row) for row in rows} == {"sent"}


def test_what_comes_after_the_digest_waits_for_the_next_morning(notice, borrower):
    prefer(borrower, "digest")
    told(borrower, "late", SEVEN + timedelta(minutes=1))
    mailing.send_waiting(now=SEVEN + timedelta(minutes=1))
    assert mailing.send_digests(now=SEVEN + timedelta(hours=5)) == 0
    assert mailing.send_digests(now=SEVEN + timedelta(days=1)) == 1


def test_a_digest_that_cannot_be_sent_is_kept(notice, borrower, settings):
    prefer(borrower, "digest")
    row = told(borrower)
    mailing.send_waiting(now=NOON)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    assert mailing.send_digests(now=SEVEN) == 0
    assert state(row) == "digest"
    settings.EMAIL_BACKEND = working
    assert mailing.send_digests(now=SEVEN) == 1


@pytest.mark.parametrize("channel", ["now", "digest"])
def test_a_notice_that_cannot_be_put_into_words_keeps_no_other_back(
    notice, borrower, channel, logged_errors
):
    prefer(borrower, channel)
    broken, whole = told(borrower, "k-1"), told(borrower, "k-2", NOON + timedelta(minutes=1))
    Notification.unscoped.filter(pk=broken.pk).update(context={})
    mailing.send_waiting(now=NOON + timedelta(minutes=2))
    for day in range(len(mailing.PATIENCE)):
        mailing.send_waiting(now=SEVEN + timedelta(days=day))
        mailing.send_digests(now=SEVEN + timedelta(days=day))
    assert [message.body.count("EQ-1") for message in mail.outbox] == [1]
    assert (state(broken), state(whole)) == ("failed", "sent")
    assert len(logged_errors) == len(mailing.PATIENCE)
