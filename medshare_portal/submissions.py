"""Idempotent forms: the same key twice is one submission (a double click, a retried POST)."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import SubmittedForm
from medshare_portal.refusals import Refusal

FIELD = "idempotency_key"
KEEP = timedelta(days=3)


class KeyMissing(Refusal):
    message = _("This form was incomplete. Load the page again and repeat.")
    status = 400


class KeyReused(Refusal):
    """GEN-09: the key came with another body before."""

    message = _("This form was already sent with other content. Load the page again.")
    status = 409


def digest_of(path: str, data) -> str:
    """SHA-256 of the address and the posted fields, without the tokens of the form itself."""
    parts = [path]
    for name in sorted(data):
        if name not in {FIELD, "csrfmiddlewaretoken"}:
            parts += [name, *data.getlist(name)]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def claim(*, user, key: str, digest: str, now: datetime) -> tuple[SubmittedForm, bool]:
    """The submission row and whether it is new.  Inside the action's transaction.

    A second claim waits until the first transaction has ended, then finds its result.
    Raises KeyMissing or KeyReused.
    """
    if not 8 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        raise KeyMissing
    try:
        with transaction.atomic():
            return SubmittedForm.objects.create(
                user=user, key=key, digest=digest, created_at=now
            ), True
    except IntegrityError:
        submission = SubmittedForm.objects.get(user=user, key=key)
    if submission.digest != digest:
        raise KeyReused
    return submission, False


def forget_old(*, now: datetime) -> int:
    """Remove keys that no browser will send again."""
    return SubmittedForm.objects.filter(created_at__lt=now - KEEP).delete()[0]
