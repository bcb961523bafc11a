"""An institution's own notes about a request.  Nothing of them is told, and only its own audit
trail says that there is one."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.models import Institution
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions._lock import NotYours, lock_request, require
from scheduling.models import InternalNote, SharingRequest

MOST_NOTES = 500  # of one institution about one request


class TooManyNotes(Refusal):
    message = _("There are too many notes about this request already.")
    field = "text"


class NotItsAuthor(Refusal):
    """Only who wrote a note corrects it; a colleague writes another."""

    message = _("Only its author can correct a note. Write one of your own.")
    status = 403


def write_note(
    *, sharing_request: SharingRequest, institution: Institution, text: str, by, now: datetime
) -> InternalNote:
    """Raises NotYours, TooManyNotes."""
    return _write(sharing_request, institution, text, None, by, now)


def correct_note(*, note: InternalNote, text: str, by, now: datetime) -> InternalNote:
    """A further version of a note by its author; earlier ones stay.  Raises NotItsAuthor."""
    first = note.corrects or note
    if first.author_id != by.pk:
        raise NotItsAuthor
    return _write(first.sharing_request, first.institution, text, first, by, now)


def _write(sharing_request, institution, text: str, corrects, by, now: datetime) -> InternalNote:
    fresh = lock_request(sharing_request)
    if fresh.side_of(institution) is None:
        raise NotYours
    require(by=by, institution=institution, permission=Permission.CONVERSE, kind=fresh.kind)
    if InternalNote.objects.of(fresh, institution).count() >= MOST_NOTES:
        raise TooManyNotes
    note = InternalNote.objects.create(
        sharing_request=fresh,
        institution=institution,
        author=by,
        at=now,
        text=text,
        corrects=corrects,
    )
    audit.record(
        chains=[institution.slug],
        by=by,
        action="note.corrected" if corrects else "note.written",
        obj=fresh,
        now=now,
    )
    return note
