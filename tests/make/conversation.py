"""What is written about a request, as its actions would have left it."""

from datetime import datetime

from django.core.files.base import ContentFile

from medshare_portal.models import User
from scheduling.models import CityInvitation, Message, MessageFile, SharingRequest


def message(
    request: SharingRequest, *, by: User, now: datetime, text: str = "Hello", **fields
) -> Message:
    """By default of the borrower."""
    values = {"voice": "borrower", "institution": request.borrower} | fields
    return Message.unscoped.create(sharing_request=request, author=by, at=now, text=text, **values)


def message_file(request: SharingRequest, *, by: User, now: datetime) -> MessageFile:
    """A short text that came with a message."""
    return MessageFile.unscoped.create(
        message=message(request, by=by, now=now, file_count=1),
        sharing_request=request,
        name="a text",
        file=ContentFile(b"a text", name="a.txt"),
        content_type="text/plain",
        size=6,
        sha256="0" * 64,
    )


def city_invitation(request: SharingRequest, *, by: User, now: datetime) -> CityInvitation:
    """By the borrower."""
    return CityInvitation.unscoped.create(
        sharing_request=request,
        institution=request.borrower,
        reason="We disagree",
        invited_by=by,
        invited_at=now,
    )
