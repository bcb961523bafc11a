"""What both sides, and the city where one has invited it, write about a request.

Whatever is written locks the request first: its messages stand in one order, and what is told to
whom is decided one message at a time.  The audit trail says that somebody wrote, never what.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.files import CheckedFile
from medshare_portal.models import AuditEvent, Institution, RoleGroup
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, permissions_of
from scheduling import conversation_notices as told
from scheduling.actions._lock import NotYours, lock_request, require
from scheduling.models import CityInvitation, Message, MessageFile, ReadMark, SharingRequest
from scheduling.models.conversation import MOST_FILES
from scheduling.states import State, Voice

MOST_MESSAGES = 1000  # of one request


class NothingSaid(Refusal):
    message = _("Write something, or add a file.")
    field = "text"
    status = 422


class TooManyFiles(Refusal):
    message = _("At most five files at once.")
    field = "files"
    status = 422


class ConversationFull(Refusal):
    message = _("This conversation is full. Speak on the phone, or ask anew.")
    field = "text"


class NotSentYet(Refusal):
    """A hold is the borrower's own affair: there is nobody to write to."""

    message = _("The request has not been sent yet.")


class CityIsThere(Refusal):
    message = _("The city takes part already.")


class CityIsNotThere(Refusal):
    message = _("The city does not take part any more.")


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A checked file and what it was called, without its ending."""

    name: str
    file: CheckedFile


def write(
    *,
    sharing_request: SharingRequest,
    institution: Institution,
    text: str,
    files: Iterable[Enclosure] = (),
    by,
    now: datetime,
) -> Message:
    """Write for one side; what was there before counts as read.

    Raises NotYours, NotSentYet, NothingSaid, TooManyFiles, ConversationFull.
    """
    fresh = lock_request(sharing_request)
    voice = _voice_of(fresh, institution, by)
    return _write(fresh, voice, institution, text, tuple(files), by, now)


def write_for_city(
    *, sharing_request: SharingRequest, text: str, files: Iterable[Enclosure] = (), by, now
) -> Message:
    """Write as an official; only while an invitation lasts (CityIsNotThere)."""
    fresh = lock_request(sharing_request)
    _require_official(by)
    if not _lasting(fresh).exists():
        raise CityIsNotThere
    return _write(fresh, Voice.CITY, None, text, tuple(files), by, now)


def invite_city(
    *, sharing_request: SharingRequest, institution: Institution, reason: str, by, now: datetime
) -> CityInvitation:
    """From now on officials read what is written, and write; both sides are told."""
    fresh = lock_request(sharing_request)
    _voice_of(fresh, institution, by)
    if _lasting(fresh).exists():
        raise CityIsThere
    invitation = CityInvitation.objects.create(
        sharing_request=fresh,
        institution=institution,
        reason=reason,
        invited_by=by,
        invited_at=now,
    )
    _tell_of_city(told.CITY_JOINS, fresh, invitation, by, now)
    _record("conversation.city_invited", fresh, True, by, now, {})
    return invitation


def end_invitation(
    *, sharing_request: SharingRequest, institution: Institution | None, by, now: datetime
) -> CityInvitation:
    """The side that invited ends it, or (``institution`` None) the city leaves.

    Raises CityIsNotThere; NotYours for the side that did not invite.
    """
    fresh = lock_request(sharing_request)
    if institution is None:
        _require_official(by)
    else:
        _voice_of(fresh, institution, by)
    invitation = _lasting(fresh).select_related("institution").first()
    if invitation is None:
        raise CityIsNotThere
    if institution is not None and invitation.institution_id != institution.pk:
        raise NotYours
    invitation.ended_at = max(now, invitation.invited_at)  # two machines, two clocks
    invitation.ended_by = by
    invitation.save(update_fields=["ended_at", "ended_by"])
    _tell_of_city(told.CITY_LEAVES, fresh, invitation, by, now)
    _record("conversation.city_left", fresh, True, by, now, {})
    return invitation


def mark_read(*, sharing_request: SharingRequest, messages, by, now: datetime) -> None:
    """All of ``messages`` (a scoped queryset) of a request count as read by this person."""
    last = messages.filter(sharing_request=sharing_request).order_by("-pk").first()
    if last is not None:
        _mark(sharing_request, last, by, now)


def _voice_of(fresh: SharingRequest, institution: Institution, by) -> Voice:
    side = fresh.side_of(institution)
    if side is None:
        raise NotYours
    require(by=by, institution=institution, permission=Permission.CONVERSE, kind=fresh.kind)
    if fresh.state == State.HELD:
        raise NotSentYet
    return Voice(side.value)


def _require_official(by) -> None:
    roles = RoleGroup.objects.of_user(by).filter(institution=None).values_list("role", flat=True)
    if Permission.MEDIATE not in permissions_of(roles):
        raise NotYours


def _lasting(fresh: SharingRequest):
    return CityInvitation.objects.of(fresh).lasting()


def _write(fresh, voice, institution, text, files, by, now) -> Message:
    if not text.strip() and not files:
        raise NothingSaid
    if len(files) > MOST_FILES:
        raise TooManyFiles
    if Message.objects.of(fresh).count() >= MOST_MESSAGES:
        raise ConversationFull
    message = Message.objects.create(
        sharing_request=fresh,
        voice=voice,
        institution=institution,
        author=by,
        at=now,
        text=text.strip(),
        file_count=len(files),
    )
    for enclosure in files:
        _enclose(message, enclosure)
    with_city = _lasting(fresh).exists()
    told.tell_of_message(message, with_city=with_city, now=now)
    _mark(fresh, message, by, now)
    facts = {"side": voice.value, "files": len(files)}
    _record("conversation.written", fresh, with_city, by, now, facts)
    return message


def _enclose(message: Message, enclosure: Enclosure) -> None:
    file = enclosure.file
    row = MessageFile(
        message=message,
        sharing_request=message.sharing_request,
        name=enclosure.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
    )
    stored = f"{secrets.token_hex(16)}.{file.extension}"
    row.file.save(stored, ContentFile(file.content), save=False)
    row.save()


def _mark(fresh: SharingRequest, last: Message, by, now: datetime) -> None:
    """Never backwards: another window may have read further."""
    marks = ReadMark.objects.of(fresh)
    _row, new = marks.get_or_create(sharing_request=fresh, user=by, defaults={"last_message": last})
    if not new:
        marks.filter(user=by, last_message__lt=last).update(last_message=last)
    told.seen(user=by, asked=fresh, now=now)


def _tell_of_city(code: str, fresh, invitation: CityInvitation, by, now) -> None:
    told.tell_of_city(
        code, fresh, by=by, key=str(invitation.pk), now=now, inviter=invitation.institution
    )


def _record(action: str, fresh, with_city: bool, by, now: datetime, facts: dict) -> None:
    """In the trails of both sides, and in the city's while it takes part."""
    chains = [fresh.owner.slug, fresh.borrower.slug] + [AuditEvent.CITY] * with_city
    audit.record(chains=chains, by=by, action=action, obj=fresh, now=now, data=facts)
