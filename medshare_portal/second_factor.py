"""The second factor: a code of an authenticator app (RFC 6238) or a recovery code, by django-otp.

Whoever works for the city – officials, analysts, registry administrators – must have one
(``SECOND_FACTOR``); everybody else may.  The session remembers whether a code is still due; the
middleware ``SecondFactor`` lets nobody past until it was given.
"""

from binascii import unhexlify
from time import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django_otp import devices_for_user
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from medshare_portal.models import RoleGroup

SESSION_KEY = "second_factor"
DUE, DONE = "due", "done"
SALT = "medshare.second-factor"
SECRET_LIVES = 15 * 60  # seconds between showing a new secret and its first code
DIGITS = 6
NEIGHBOURS = 1  # steps of 30 seconds by which a clock may be wrong


def is_needed(user) -> bool:
    """Whether this person may not work without one."""
    if not settings.SECOND_FACTOR:
        return False
    return RoleGroup.objects.of_user(user).filter(institution__isnull=True).exists()


def is_set(user) -> bool:
    return any(True for _device in devices_for_user(user))


@receiver(user_logged_in, dispatch_uid="second factor")
def mark_session(sender, request, user, **kwargs):
    """After the password: does a code have to follow?"""
    if is_set(user) or is_needed(user):
        request.session[SESSION_KEY] = DUE
    else:
        request.session.pop(SESSION_KEY, None)


def offered_secret(user) -> str:
    """A new secret, signed for this person and a quarter of an hour; nothing is stored yet."""
    return signing.dumps({"user": user.pk, "key": default_key()}, salt=SALT)


def key_of(secret: str, user) -> str | None:
    """The key in hexadecimal, or None when the secret is another's, too old or forged."""
    try:
        found = signing.loads(secret, salt=SALT, max_age=SECRET_LIVES)
    except signing.BadSignature:
        return None
    return found["key"] if found["user"] == user.pk else None


def address_of(key: str, user) -> str:
    """The ``otpauth`` address that an authenticator app reads from the QR code."""
    return TOTPDevice(user=user, key=key).config_url


def step_of(key: str, code: str) -> int | None:
    """The time step that this code belongs to, or None for a wrong code."""
    totp = TOTP(unhexlify(key))
    totp.time = time()
    if not (code.isascii() and code.isdigit()):
        return None
    return totp.t() if totp.verify(int(code), NEIGHBOURS) else None


def devices_for(user, code: str) -> list:
    """Six digits are the app's, anything else is a recovery code: a code tried on the other
    kind would count as a wrong one there, and shut it when it is needed."""
    of_app = code.isascii() and code.isdigit() and len(code) == DIGITS
    return [
        device
        for device in devices_for_user(user, for_verify=True)
        if isinstance(device, TOTPDevice) is of_app
    ]


def seconds_to_wait(user, code: str) -> int:
    """How long after wrong codes no further one of that kind is looked at."""
    found = [device.verify_is_allowed() for device in devices_for(user, code)]
    if not found or any(allowed for allowed, _why in found):
        return 0
    until = min(why["locked_until"].timestamp() for _allowed, why in found if why)
    return max(1, int(until - time()) + 1)
