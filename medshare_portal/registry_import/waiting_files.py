"""Between the dry run and the import a file waits in VAR_DIR for an hour at most.

Its name is random; only the signed token of the person who sent it leads to it.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from medshare_portal.refusals import Refusal

KEEP_SECONDS = 3600
SALT = "registry-import"


class FileGone(Refusal):
    message = _("This check is too old or was used already. Send the file again.")
    status = 410


def folder():
    return settings.VAR_DIR / "imports"


def keep(content: bytes, user, table) -> str:
    """Store the file until it is confirmed; the token names person and table."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    file = folder() / name
    file.touch(mode=0o600)
    file.write_bytes(content)
    return signing.dumps([name, user.pk, table.name], salt=SALT)


def take(token: str, user, table) -> bytes:
    """The file of a token, once; FileGone for another person's, another table's or an old one."""
    try:
        name, owner, table_name = signing.loads(token, salt=SALT, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        raise FileGone from None
    if (owner, table_name) != (user.pk, table.name):
        raise FileGone
    file = folder() / name
    try:
        content = file.read_bytes()
        file.unlink()
    except FileNotFoundError:
        raise FileGone from None
    return content


def forget_old(*, now: datetime) -> int:
    """Remove files that were never confirmed; returns how many."""
    limit = now.timestamp() - KEEP_SECONDS
    old = [f for f in folder().glob("*") if f.stat().st_mtime < limit]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
