"""Who may try to sign in, and how often (docs/adr/0010).

Five wrong passwords for one name from one address close that pair for a quarter of an hour.  A
slower count over all addresses closes the name for addresses from which its owner has not signed
in lately, so nobody can lock a person out of the usual desk.  Each guess takes its place in the
count *before* the password is looked at: fifty guesses at once get five answers.
"""

import unicodedata
from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

LOCK_FOR = timedelta(hours=settings.AXES_COOLOFF_TIME)
TRIES_ELSEWHERE = 50
TRIES_ELSEWHERE_WITHIN = timedelta(hours=1)
FAMILIAR_FOR = timedelta(days=30)
# Stands for "any address" in the count that spans all of them; no client has it.
ANYWHERE = "::"


def lockout_name(request, credentials) -> str:
    """The name as the count knows it: width, case and blanks make no new name."""
    typed = (credentials or {}).get("username") or request.POST.get("username") or ""
    return unicodedata.normalize("NFKC", typed).strip().casefold().replace("\0", "")[:255]


def client_address(request) -> str:
    """The address of the caller; of X-Forwarded-For only what our own proxies wrote."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted and hops[-trusted]:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR") or "127.0.0.1"


class TooManyGuesses(Exception):
    """The door is closed for this name and address: no password is looked at."""


def is_own_password(request, password: str) -> bool:
    """Whether the signed-in person knows the password, asked again before something grave.

    Counted like a guess at the sign-in; call it outside the action's transaction, or a refused
    form would take the count back.  Raises TooManyGuesses.
    """
    name = lockout_name(request, {"username": request.user.get_username()})
    address = client_address(request)
    with transaction.atomic():
        allowed = _take_place_here(name, address, timezone.now())
    if not allowed:
        raise TooManyGuesses
    right = check_password(password, request.user.password)
    if right:
        AccessAttempt.objects.filter(username=name, ip_address=address).delete()
    return right


class CountedGuesses(AxesDatabaseHandler):
    """Axes' handler with a count that is taken before the password is checked."""

    def is_allowed(self, request, credentials=None) -> bool:
        """Take a place in both counts; False when one of them is full."""
        name, now = lockout_name(request, credentials), timezone.now()
        address = request.axes_ip_address
        with transaction.atomic():
            allowed = _take_place_here(name, address, now) and (
                _take_place_anywhere(name, now) or _is_familiar(name, address, now)
            )
        request.axes_locked_out = not allowed
        return allowed

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """The guess is counted already; the last one that is allowed closes the door."""
        if request is None:
            return
        request.axes_credentials = credentials
        name = lockout_name(request, credentials)
        attempt = AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address)
        tries = attempt.values_list("failures_since_start", flat=True).first() or 0
        if tries >= settings.AXES_FAILURE_LIMIT:
            request.axes_locked_out = True

    def user_logged_in(self, sender, request, user, **kwargs):
        """Forget this address' wrong guesses, give back the place and remember the address."""
        name = lockout_name(request, {"username": user.get_username()})
        AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address).delete()
        AccessAttempt.objects.filter(
            username=name, ip_address=ANYWHERE, failures_since_start__gt=0
        ).update(failures_since_start=F("failures_since_start") - 1)
        AccessLog.objects.create(
            username=name,
            ip_address=request.axes_ip_address,
            user_agent=request.axes_user_agent,
            path_info=request.axes_path_info,
        )

    def user_logged_out(self, sender, request, user, **kwargs):
        """Nothing to count."""


def _take_place_here(name: str, address: str, now) -> bool:
    """The quarter of an hour counts from the last try that was let through."""
    count = _count_since(name, address, now - LOCK_FOR)
    return _take(count, settings.AXES_FAILURE_LIMIT, attempt_time=now)


def _take_place_anywhere(name: str, now) -> bool:
    """The hour counts from its first try, so that a patient attacker cannot keep it open."""
    return _take(_count_since(name, ANYWHERE, now - TRIES_ELSEWHERE_WITHIN), TRIES_ELSEWHERE)


def _count_since(name: str, address: str, moment):
    """The one row that counts this pair; a new one when the old has expired."""
    mine = {"username": name, "ip_address": address, "user_agent": ""}
    count = AccessAttempt.objects.filter(**mine)
    count.filter(attempt_time__lt=moment).delete()
    AccessAttempt.objects.bulk_create(
        [AccessAttempt(**mine, failures_since_start=0)], ignore_conflicts=True
    )
    return count


def _take(count, limit: int, **changes) -> bool:
    """Count one more try unless the limit is reached; one statement decides."""
    return bool(
        count.filter(failures_since_start__lt=limit).update(
            failures_since_start=F("failures_since_start") + 1, **changes
        )
    )


def _is_familiar(name: str, address: str, now) -> bool:
    """Whether this person signed in from this address lately."""
    return AccessLog.objects.filter(
        username=name, ip_address=address, attempt_time__gte=now - FAMILIAR_FOR
    ).exists()


def forget_old(*, now) -> int:
    """Remove counts and addresses that decide nothing any more."""
    tries, _ = AccessAttempt.objects.filter(attempt_time__lt=now - TRIES_ELSEWHERE_WITHIN).delete()
    logs, _ = AccessLog.objects.filter(attempt_time__lt=now - FAMILIAR_FOR).delete()
    return tries + logs
