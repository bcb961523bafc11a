"""A conversation as its readers see it: who said what, what is new, who takes part."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.files import IMAGES
from medshare_portal.models import Institution
from scheduling.models import (
    CityInvitation,
    InternalNote,
    Message,
    MessageFile,
    ReadMark,
    SharingRequest,
)
from scheduling.states import Voice

LATEST = 5


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message, or that the city came or left (``event``)."""

    at: datetime
    who: str
    place: str
    text: str
    pk: int | None = None
    own: bool = False
    new: bool = False
    event: bool = False
    files: list[MessageFile] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """``more``: how many earlier ones are not among ``lines``; ``city_since``: it takes part."""

    lines: list[Line]
    more: int
    unread: int
    invitation: CityInvitation | None

    @property
    def last(self) -> int | None:
        return max((line.pk for line in self.lines if line.pk), default=None)


@dataclass(frozen=True, kw_only=True)
class Note:
    """The latest version of a note, with the earlier ones."""

    pk: int
    who: str
    at: datetime
    text: str
    mine: bool
    earlier: list[InternalNote]


def conversation(
    sharing_request: SharingRequest,
    institution: Institution | None,
    user,
    *,
    latest: int | None = LATEST,
) -> Conversation:
    """As this person reads it for an institution, or (None) as an official.  Five queries."""
    visible = messages_for(sharing_request, institution)
    rows = list(visible.select_related("author", "institution").order_by("-pk")[:latest])
    rows.reverse()
    invitations = list(
        CityInvitation.objects.of(sharing_request)
        .select_related("institution", "invited_by", "ended_by")
        .order_by("pk")
    )
    lasting = [row for row in invitations if row.ended_at is None]
    mark = _last_read(sharing_request, user)
    lines = [_line(row, institution, user, mark) for row in rows]
    _add_files(lines, sharing_request)
    since = rows[0].at if rows and latest and len(rows) == latest else None
    shown = invitations if institution else lasting
    lines += [line for row in shown for line in _events(row) if not since or line.at >= since]
    return Conversation(
        lines=sorted(lines, key=lambda line: (line.at, line.pk or 0)),
        more=visible.count() - len(rows) if latest and len(rows) == latest else 0,
        unread=sum(unread_counts([sharing_request.pk], institution, user).values()),
        invitation=next(iter(lasting), None),
    )


def said_about(sharing_request: SharingRequest) -> list[Line]:
    """All messages and the city's coming and going, for the history that both sides read; the
    request was found through a scope.  Two queries."""
    messages = Message.objects.of(sharing_request).select_related("author", "institution")
    invitations = CityInvitation.objects.of(sharing_request).select_related("institution")
    lines = [_line(row, row.institution, row.author, row.pk) for row in messages.order_by("pk")]
    return lines + [line for row in invitations.order_by("pk") for line in _events(row)]


def messages_for(sharing_request: SharingRequest, institution: Institution | None):
    """A side reads all, the city what was written while it is invited."""
    if institution is None:
        return Message.objects.for_city().filter(sharing_request=sharing_request)
    return Message.objects.concerning(institution).filter(sharing_request=sharing_request)


def unread_counts(
    requests: Collection[int], institution: Institution | None, user
) -> dict[int, int]:
    """Request → what others wrote that this person has not read.  One query for any number."""
    rows = Message.objects.concerning(institution) if institution else Message.objects.for_city()
    others = (
        Q(institution=None) | ~Q(institution=institution) if institution else ~Q(institution=None)
    )
    found = (
        rows.filter(others, sharing_request__in=requests)
        .unread_by(user)
        .values("sharing_request_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["sharing_request_id"]: row["n"] for row in found}


def unread_conversations(user) -> int:
    """Of those that the city takes part in, how many hold something that this official has not
    read.  One query."""
    rows = Message.objects.for_city().exclude(institution=None).unread_by(user)
    return rows.values("sharing_request").distinct().count()


def notes_of(sharing_request: SharingRequest, institution: Institution, user) -> list[Note]:
    """The institution's own notes, the oldest first.  One query."""
    rows = InternalNote.objects.of(sharing_request, institution).select_related("author")
    versions: dict[int, list[InternalNote]] = {}
    for row in rows.order_by("pk"):
        versions.setdefault(row.corrects_id or row.pk, []).append(row)
    return [
        Note(
            pk=first,
            who=str(found[-1].author),
            at=found[-1].at,
            text=found[-1].text,
            mine=found[-1].author_id == user.pk,
            earlier=found[:-1],
        )
        for first, found in versions.items()
    ]


def _last_read(sharing_request: SharingRequest, user) -> int:
    marks = ReadMark.objects.of(sharing_request).filter(user=user)
    return marks.values_list("last_message", flat=True).first() or 0


def _line(row: Message, institution: Institution | None, user, mark: int) -> Line:
    """Names are for the two sides; an official reads only for whom somebody spoke."""
    own = row.institution_id == (institution.pk if institution else None)
    named = institution is not None or row.voice == Voice.CITY
    return Line(
        at=row.at,
        who=str(row.author) if named else "",
        place=row.institution.name if row.institution else pgettext("who writes", "The city"),
        text=row.text,
        pk=row.pk,
        own=own,
        new=not own and row.pk > mark and row.author_id != user.pk,
    )


def _add_files(lines: list[Line], sharing_request: SharingRequest) -> None:
    """To the messages that are shown, which were found through a scope."""
    by_key = {line.pk: line for line in lines}
    for file in MessageFile.objects.of(sharing_request).filter(message__in=by_key).order_by("pk"):
        file.is_picture = file.content_type in IMAGES
        by_key[file.message_id].files.append(file)


def _events(row: CityInvitation) -> list[Line]:
    invited = _("%(name)s invited the city into this conversation: %(reason)s")
    place = row.institution.name
    lines = [
        Line(
            at=row.invited_at,
            who="",
            place=place,
            text=invited % {"name": place, "reason": row.reason},
            event=True,
        )
    ]
    if row.ended_at:
        words = _("The city no longer takes part in this conversation.")
        lines.append(Line(at=row.ended_at, who="", place=place, text=words, event=True))
    return lines
