"""Idempotent forms: the same key twice is one submission (a double click, a retried POST)."""

from datetime import datetime, timedelta

from django.db.models import BigIntegerField, CharField
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.db.prepared_writes import NewValue, PreparedInsert, PreparedUpdate
from medshare_portal.models import SubmittedForm
from medshare_portal.refusals import Refusal

FIELD = "idempotency_key"
KEEP = timedelta(days=3)
CLAIM = PreparedInsert(SubmittedForm, conflict="(user_id, key) DO NOTHING")
CLAIMED = Prepared(
    lambda: SubmittedForm.objects.filter(
        user=Bind("user", BigIntegerField()), key=Bind("key", CharField())
    )
)
ANSWER = PreparedUpdate(
    lambda: SubmittedForm.objects.filter(pk=Bind("pk", BigIntegerField())),
    result_url=NewValue(SubmittedForm, "result_url"),
)


class KeyMissing(Refusal):
    message = _("This form was incomplete. Load the page again and repeat.")
    status = 400


class KeyReused(Refusal):
    """GEN-09: the key came with another body before."""

    message = _("This form was already sent with other content. Load the page again.")
    status = 409


def digest_of(path: str, data) -> str:
    """Keyed SHA-256 of the address and the posted fields, without the tokens of the form itself."""
    parts = [path]
    for name in sorted(data):
        if name not in {FIELD, "csrfmiddlewaretoken"}:
            parts += [name, *data.getlist(name)]
    # Keyed: a form may carry a password, and a plain digest of it could be guessed at.
    return salted_hmac(FIELD, "\x00".join(parts), algorithm="sha256").hexdigest()


def claim(*, user, key: str, digest: str, now: datetime) -> tuple[SubmittedForm, bool]:
    """The submission row and whether it is new.  Inside the action's transaction.

    A second claim waits until the first transaction has ended, then finds its result.
    Raises KeyMissing or KeyReused.
    """
    if not 8 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        raise KeyMissing
    submission = SubmittedForm(user_id=user.pk, key=key, digest=digest, created_at=now)
    if CLAIM.one(submission):
        return submission, True
    (submission,) = CLAIMED.instances(user=user.pk, key=key)
    if submission.digest != digest:
        raise KeyReused
    return submission, False


def answered(*, user, key: str, digest: str) -> str:
    """Where the very same submission led to before; empty where it was not sent or not done."""
    found = CLAIMED.instances(user=user.pk, key=key[:64]) if key else []
    return next((one.result_url for one in found if one.digest == digest), "")


def answer(submission: SubmittedForm, result_url: str) -> None:
    """Keep where a new submission led to, for whoever repeats it."""
    submission.result_url = result_url
    ANSWER.run(pk=submission.pk, result_url=result_url)


def forget_old(*, now: datetime) -> int:
    """Remove keys that no browser will send again."""
    return SubmittedForm.objects.filter(created_at__lt=now - KEEP).delete()[0]
