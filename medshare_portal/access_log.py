"""Who came in, who was turned away: one log line each, with name, address and path, no secrets."""

import logging

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from medshare_portal.sign_in import client_address, lockout_name

logger = logging.getLogger("medshare.access")


def note(event: str, request, name: str, **more) -> None:
    """Log one event; the formatter keeps it on one line whatever the name holds."""
    facts = {"name": name, "address": client_address(request), "path": request.path} | more
    logger.info("%s %s", event, " ".join(f"{key}={value!r}" for key, value in facts.items()))


@receiver(user_logged_in, dispatch_uid="access-log")
def signed_in(sender, request, user, **kwargs):
    if request is not None:
        note("signed-in", request, user.get_username())


@receiver(user_logged_out, dispatch_uid="access-log")
def signed_out(sender, request, user, **kwargs):
    if request is not None and user is not None:
        note("signed-out", request, user.get_username())


@receiver(user_login_failed, dispatch_uid="access-log")
def turned_away(sender, credentials, request=None, **kwargs):
    if request is not None:
        locked = getattr(request, "axes_locked_out", False)
        note("sign-in-failed", request, lockout_name(request, credentials), locked=locked)
