"""Photos, manuals and certificates of a resource: kept under random names."""

import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.files import CheckedFile
from medshare_portal.refusals import Refusal
from resources.models import Attachment, Resource

MOST_PER_RESOURCE = 20


class TooManyAttachments(Refusal):
    message = _("There are already 20 files. Remove one first.")
    field = "file"
    status = 422


def attach(
    *, resource: Resource, purpose: str, title: str, file: CheckedFile, by, now: datetime
) -> Attachment:
    """Store a checked file.  Raises TooManyAttachments."""
    institution = resource.institution
    Resource.objects.owned_by(institution).select_for_update(of=("self",)).get(pk=resource.pk)
    present = Attachment.objects.owned_by(institution).filter(resource=resource).count()
    if present >= MOST_PER_RESOURCE:
        raise TooManyAttachments
    attachment = Attachment(
        institution=institution,
        resource=resource,
        purpose=purpose,
        title=title,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        uploaded_by=by,
        uploaded_at=now,
    )
    name = f"{secrets.token_hex(16)}.{file.extension}"
    attachment.file.save(name, ContentFile(file.content), save=False)
    attachment.save()
    _record("attachment.added", attachment, by, now)
    return attachment


def remove(*, attachment: Attachment, by, now: datetime) -> None:
    """Remove a file; its bytes go when the transaction has ended well."""
    _record("attachment.removed", attachment, by, now)
    storage, name = attachment.file.storage, attachment.file.name
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _record(action: str, attachment: Attachment, by, now: datetime) -> None:
    audit.record(
        chains=[attachment.institution.slug],
        by=by,
        action=action,
        obj=attachment.resource,
        now=now,
        data={
            "title": attachment.title,
            "purpose": attachment.purpose,
            "type": attachment.content_type,
            "size": attachment.size,
            "sha256": attachment.sha256,
        },
    )
