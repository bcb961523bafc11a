"""Mails the letters to people: each once, with a link that opens a page and never acts."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from scheduling.kinds.staff.links import token_for
from scheduling.models import StaffMail

AT_ONCE = 200
REASON = "the letters to all people are mailed together"
LANGUAGES = ("zh-hans", "en")
logger = logging.getLogger(__name__)


def mail_letters(*, now: datetime) -> int:
    """How many went out.  A letter to nobody (no address) counts as done: the account has it."""
    rows = StaffMail.objects.everywhere(reason=REASON).filter(sent_at__isnull=True)
    related = ("resource__site", "resource__staff_member__user", "owner", "borrower")
    waiting = rows.select_related(*(f"sharing_request__{name}" for name in related))
    sent = 0
    for letter in waiting.select_related("sharing_request__delivery_site").order_by("queued_at")[
        :AT_ONCE
    ]:
        if rows.filter(pk=letter.pk).update(sent_at=now):
            sent += _send(letter)
    return sent


def _send(letter: StaffMail) -> int:
    member = letter.sharing_request.resource.staff_member
    address = member.email or (member.user.email if member.user else "")
    if not address:
        return 0
    languages = (member.user.language,) if member.user and member.user.language else LANGUAGES
    try:
        send_mail(*_written(letter, languages), None, [address])
    except OSError as error:  # smtplib's errors are OSErrors too
        logger.warning("letter %s failed: %s", letter.pk, type(error).__name__)
        return 0
    return 1


def _written(letter: StaffMail, languages: tuple[str, ...]) -> tuple[str, str]:
    """(subject, text); who has chosen no language gets both."""
    request = letter.sharing_request
    url = settings.PORTAL_URL + reverse("staff-person", args=[token_for(request)])
    zone = (request.delivery_site or request.resource.site).time_zone
    parts, subjects = [], []
    for language in languages:
        with translation.override(language):
            context = {"letter": letter, "sharing_request": request, "zone": zone, "url": url}
            parts.append(render_to_string("mail/staff_letter.txt", context).strip())
            subjects.append(f"{letter.get_event_display()}: {request.reference}")
    return " / ".join(subjects), "\n\n".join(parts) + "\n"
