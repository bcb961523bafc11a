"""What two marked institutions wrote to each other about a request, and noted for themselves."""

from datetime import datetime

from django.core.files.base import ContentFile

from demo.marks import mark
from medshare_portal.roles import Role
from scheduling.models import CityInvitation, InternalNote, Message, MessageFile


def plant_talk(owner, borrower, row, now: datetime) -> None:
    """A message with a file and a note of each side; the city was there once."""
    for nest, voice, role in (
        (owner, "owner", Role.APPROVER),
        (borrower, "borrower", Role.COORDINATOR),
    ):
        common = {"sharing_request": row, "institution": nest.institution}
        author = nest.people[role]
        message = nest.marked(Message, **common, voice=voice, author=author, at=now, file_count=1)
        message.save()
        _file(nest, row, message)
        first = nest.marked(InternalNote, **common, author=author, at=now)
        first.save()
        nest.marked(InternalNote, **common, author=author, at=now, corrects=first).save()
    nest.marked(
        CityInvitation, **common, invited_by=author, invited_at=now, ended_by=author, ended_at=now
    ).save()


def _file(nest, row, message) -> None:
    content = ContentFile(mark(nest.letter, MessageFile, "content").encode())
    file = nest.marked(
        MessageFile,
        message=message,
        sharing_request=row,
        content_type="text/plain",
        size=content.size,
        sha256="0" * 64,
        file="",
    )
    file.file.save(f"{mark(nest.letter, MessageFile, 'file')}-{row.pk}.txt", content, save=False)
    file.save()
