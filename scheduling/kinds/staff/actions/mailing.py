"""Mails the letters to people: each once, with a link that opens a page and never acts."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from medshare_portal import mailing
from resources.models import StaffMember
from scheduling.kinds import zone_of
from scheduling.kinds.staff.links import token_for
from scheduling.kinds.staff.queries.person import same_series
from scheduling.models import StaffMail

AT_ONCE = 200
REASON = "the letters to all people are mailed together"
LANGUAGES = ("zh-hans", "en")
logger = logging.getLogger(__name__)


def mail_letters(*, now: datetime) -> int:
    """How many went out.  A letter to nobody (no address) counts as done: the account has it.

    What the mail server refuses is tried again with the pauses of every other message, and then
    given up: the home employer sees it on the page of the request.
    """
    related = ("resource__site", "resource__staff_member__user", "owner", "borrower")
    waiting = _waiting().filter(mailing.due(now, since="queued_at", tries="tries"))
    waiting = waiting.select_related(*(f"sharing_request__{name}" for name in related))
    letters = waiting.select_related("sharing_request__delivery_site").order_by("queued_at", "pk")
    return sum(_claim(letter) and _deal_with(letter, now) for letter in letters[:AT_ONCE])


def _waiting():
    rows = StaffMail.objects.everywhere(reason=REASON)
    return rows.filter(sent_at__isnull=True, failed_at__isnull=True)


def _claim(letter: StaffMail) -> bool:
    """Take the next attempt; False when another run has taken it."""
    mine = _waiting().filter(pk=letter.pk, tries=letter.tries)
    return bool(mine.update(tries=F("tries") + 1))


def _deal_with(letter: StaffMail, now: datetime) -> bool:
    """Whether a message went out."""
    member = letter.sharing_request.resource.staff_member
    address = member.email or (member.user.email if member.user else "")
    if not address or _send(letter, member, address):
        _waiting().filter(pk=letter.pk).update(sent_at=now)
        return bool(address)
    if letter.tries + 1 >= len(mailing.PATIENCE):
        _waiting().filter(pk=letter.pk).update(failed_at=now)
    return False


def _send(letter: StaffMail, member: StaffMember, address: str) -> bool:
    languages = (member.user.language,) if member.user and member.user.language else LANGUAGES
    try:
        send_mail(*_written(letter, languages), None, [address])
    except OSError as error:  # smtplib's errors are OSErrors too
        logger.warning("letter %s failed: %s", letter.pk, type(error).__name__)
        return False
    except Exception:  # what cannot be put into words keeps no other letter back
        logger.exception("letter %s could not be made", letter.pk)
        return False
    return True


def _written(letter: StaffMail, languages: tuple[str, ...]) -> tuple[str, str]:
    """(subject, text); who has chosen no language gets both."""
    request = letter.sharing_request
    url = settings.PORTAL_URL + reverse("staff-person", args=[token_for(request)])
    zone = zone_of(request)
    dates = list(same_series(request)) if request.series_id else []
    parts, subjects = [], []
    for language in languages:
        with translation.override(language):
            context = {"letter": letter, "sharing_request": request, "zone": zone, "url": url}
            context["dates"] = dates
            parts.append(render_to_string("mail/staff_letter.txt", context).strip())
            subjects.append(f"{letter.get_event_display()}: {request.reference}")
    return " / ".join(subjects), "\n\n".join(parts) + "\n"
