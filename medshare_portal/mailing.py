"""The outbox is mailed: at once, or as one digest a day.  Texts are made in the reader's language.

A row is claimed by compare-and-set before its message is sent, so two runs at once send it once.
A run that dies between claim and sending is repeated: one message twice is better than none.
"""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from medshare_portal import notices
from medshare_portal.models import Notification, NotificationPreference, User

Mail, Channel = Notification.Mail, NotificationPreference.Channel
REASON = "the outbox of all people is mailed together"
AT_ONCE = 200
DIGEST_AT = time(7)
# How long after the event the first, second … attempt may be made.
PATIENCE = [timedelta(minutes=minutes) for minutes in (0, 1, 5, 30, 240)]
logger = logging.getLogger(__name__)


def _outbox():
    return Notification.objects.everywhere(reason=REASON)


def due(now: datetime, *, since: str, tries: str) -> Q:
    """Condition on a row of an outbox: its next attempt may be made.  What must wait is not in the
    way of others.  ``since`` and ``tries`` name its columns."""
    met = Q(**{f"{tries}__gte": len(PATIENCE), f"{since}__lte": now - PATIENCE[-1]})
    for number, patience in enumerate(PATIENCE):
        met |= Q(**{tries: number, f"{since}__lte": now - patience})
    return met


def send_waiting(*, now: datetime) -> int:
    """Mail what waits; returns how many messages were sent."""
    waiting = _outbox().filter(due(now, since="created_at", tries="mail_tries"), mail=Mail.WAITING)
    batch = list(waiting.select_related("user").order_by("created_at", "pk")[:AT_ONCE])
    wishes = _wishes(batch)
    return sum(_deal_with(row, wishes, now) for row in batch)


def _wishes(rows) -> dict[tuple[int, str], str]:
    """(person, event) → channel, for the people of these rows."""
    preferences = NotificationPreference.objects.filter(user__in={row.user_id for row in rows})
    return {(row.user_id, row.event): row.channel for row in preferences}


def _deal_with(row: Notification, wishes: dict, now: datetime) -> bool:
    """Skip, keep for the digest, or send one row; True when a message went out."""
    try:
        channel = _channel(row, wishes)
    except Exception:
        _log_broken(row)
        return _claim(row) and _not_sent(row)
    if channel != Channel.NOW:
        mail = Mail.DIGEST if channel == Channel.DIGEST else Mail.SKIPPED
        _outbox().filter(pk=row.pk, mail=Mail.WAITING).update(mail=mail)
        return False
    return _claim(row) and _send_one(row, now)


def _channel(row: Notification, wishes: dict) -> str:
    if not _is_wanted(row):
        return Channel.NONE
    notice_class = notices.registry[row.event]
    if notice_class.urgent:
        return Channel.NOW
    return wishes.get((row.user_id, row.event), notice_class.by_default)


def _is_wanted(row: Notification) -> bool:
    return bool(
        row.user.is_active
        and row.user.email
        and row.event in notices.registry
        and notices.registry[row.event].still_relevant(row)
    )


def _claim(row: Notification) -> bool:
    """Take the next attempt of this row; False when another run has taken it."""
    mine = _outbox().filter(pk=row.pk, mail=Mail.WAITING, mail_tries=row.mail_tries)
    return bool(mine.update(mail_tries=F("mail_tries") + 1))


def _send_one(row: Notification, now: datetime) -> bool:
    """One that cannot be put into words is a failed attempt: those behind it go out."""
    sent = False
    try:
        with translation.override(language_of(row.user)):
            notice = message_of(row)
            sent = _send(row.user, notice["subject"], "mail/notice.txt", {"notice": notice})
    except Exception:
        _log_broken(row)
    if sent:
        return bool(_outbox().filter(pk=row.pk).update(mail=Mail.SENT, mailed_at=now))
    return _not_sent(row)


def _not_sent(row: Notification) -> bool:
    if row.mail_tries + 1 >= len(PATIENCE):
        _outbox().filter(pk=row.pk).update(mail=Mail.FAILED)
    return False


def _log_broken(row: Notification) -> None:
    """Without its text."""
    logger.exception("notice %s (%s) could not be made", row.pk, row.event)


def send_digests(*, now: datetime) -> int:
    """One message a day to each person with rows from before this morning's hour."""
    this_morning = datetime.combine(
        timezone.localdate(now), DIGEST_AT, timezone.get_default_timezone()
    )
    if now < this_morning:
        return 0
    kept = _outbox().filter(mail=Mail.DIGEST, created_at__lt=this_morning)
    people = User.objects.filter(pk__in=kept.values("user"))
    return sum(_send_digest(user, this_morning, now) for user in people.order_by("pk"))


def _send_digest(user: User, until: datetime, now: datetime) -> bool:
    mine = _outbox().filter(mail=Mail.DIGEST, user=user, created_at__lt=until)
    rows = list(mine.select_related("user").order_by("created_at", "pk"))
    keys = [row.pk for row in rows]
    if mine.filter(pk__in=keys).update(mail=Mail.SENT, mailed_at=now) != len(rows):
        return False
    messages, broken = _messages(user, rows)
    sent = bool(messages) and _mail_digest(user, messages)
    _try_again(broken if sent or not messages else keys)
    return sent


def _messages(user: User, rows: list[Notification]) -> tuple[list[dict], list[int]]:
    """Of those that are still wanted, and the keys of those that cannot be put into words."""
    made, broken = [], []
    with translation.override(language_of(user)):
        for row in rows:
            try:
                made += [message_of(row)] if _is_wanted(row) else []
            except Exception:
                _log_broken(row)
                broken.append(row.pk)
    return made, broken


def _try_again(keys: list[int]) -> None:
    _outbox().filter(pk__in=keys).update(
        mail=Mail.DIGEST, mailed_at=None, mail_tries=F("mail_tries") + 1
    )
    _outbox().filter(pk__in=keys, mail_tries__gte=len(PATIENCE)).update(mail=Mail.FAILED)


def _mail_digest(user: User, messages: list[dict]) -> bool:
    with translation.override(language_of(user)):
        words = ngettext("%(n)d notice from MedShare", "%(n)d notices from MedShare", len(messages))
        subject = words % {"n": len(messages)}
        return _send(user, subject, "mail/digest.txt", {"notices": messages})


def language_of(user: User) -> str:
    """The language that a person has chosen, else the portal's."""
    return user.language or settings.LANGUAGE_CODE


def message_of(row: Notification) -> dict:
    """Subject, body, lines of further text and full addresses; links carry the configured host
    only."""
    notice_class = notices.registry[row.event]
    path = getattr(notice_class, "mail_url", notice_class.url)(row)
    notice = notices.render(row)
    found = [*getattr(notice_class, "mail_links", lambda row: [])(row), *notice["links"]]
    lines = getattr(notice_class, "mail_lines", lambda row: [])(row)
    links = [link | {"url": settings.PORTAL_URL + link["url"]} for link in found]
    return notice | {
        "url": settings.PORTAL_URL + path if path else "",
        "links": links,
        "lines": lines,
    }


def _send(user: User, subject: str, template: str, context: dict) -> bool:
    """Whether the server took the message; a failure is logged without its text."""
    text = render_to_string(template, context | {"user": user, "portal_url": settings.PORTAL_URL})
    try:
        send_mail(" ".join(subject.split()), text, None, [user.email])
    except OSError as error:  # smtplib's errors are OSErrors too
        logger.warning("mail to person %s failed: %s", user.pk, type(error).__name__)
        return False
    return True
