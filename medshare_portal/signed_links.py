"""Links in e-mails that name what they are for, signed; a page behind them shows it and acts on a
POST only.  A leaf.

A link is good for one purpose: each has a salt of its own, so that none opens another's page.
"""

from datetime import timedelta

from django.core import signing


class BadLink(ValueError):
    """Forged, cut off or of another purpose."""


class ExpiredLink(BadLink):
    """It was good once."""


def sign(purpose: str, named: list) -> str:
    """A token that names plain values, such as keys and codes."""
    return signing.dumps(named, salt=purpose)


def read(purpose: str, token: str, *, names: int, good_for: timedelta) -> list:
    """The so many values that a token names.  Raises BadLink or ExpiredLink."""
    try:
        named = signing.loads(token, salt=purpose, max_age=good_for)
    except signing.SignatureExpired as problem:
        raise ExpiredLink from problem
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise BadLink from problem
    if not isinstance(named, list) or len(named) != names:
        raise BadLink
    return named
