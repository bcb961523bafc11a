"""Setting a second factor, giving its code, and taking it away."""

from datetime import datetime
from functools import partial

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from medshare_portal import audit
from medshare_portal.actions.accounts import PasswordWrong, end_sessions
from medshare_portal.models import AuditEvent, User
from medshare_portal.refusals import Refusal
from medshare_portal.second_factor import devices_for, is_needed, is_set, key_of, step_of

RECOVERY_CODES = 8
record = partial(audit.record, chains=[AuditEvent.CITY])


class SecretTooOld(Refusal):
    message = _("This QR code has run out. Scan the new one and enter its code.")
    status = 422


class CodeWrong(Refusal):
    message = _("The code is not right. Codes change every 30 seconds; check the phone's clock.")
    field = "code"
    status = 422


class StillNeeded(Refusal):
    message = _("Your role for the city needs a second factor; it cannot be switched off.")
    status = 403


@transaction.atomic
def enrol(
    *, user: User, secret: str, code: str, now: datetime, session: str = "", password: str = ""
) -> list[str]:
    """Store the app whose first code this is, in place of any other; returns recovery codes.

    In place of another one it needs the password.  Every other session of the person ends:
    they were opened by the password alone.  Raises SecretTooOld, CodeWrong or PasswordWrong.
    """
    if is_set(user) and not check_password(password, user.password):
        raise PasswordWrong
    key = key_of(secret, user)
    if key is None:
        raise SecretTooOld
    step = step_of(key, code)
    if step is None:
        raise CodeWrong
    _remove(user)
    TOTPDevice.objects.create(user=user, name="app", key=key, confirmed=True, last_t=step)
    box = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=box, token=code) for code in codes)
    end_sessions({user.pk}, but=session, now=now)
    record(by=user, action="account.second_factor_set", obj=user, now=now)
    return codes


@transaction.atomic
def accepts(*, user: User, code: str, now: datetime) -> bool:
    """Whether this is a code of the app, not used before, or an unused recovery code.

    A wrong code is counted and makes the next try wait; it must not be rolled back.
    """
    for device in devices_for(user, code):
        if device.verify_token(code):
            if isinstance(device, StaticDevice):
                record(by=user, action="account.recovery_code_used", obj=user, now=now)
            return True
    return False


@transaction.atomic
def switch_off(*, user: User, password: str, now: datetime) -> None:
    """Raises StillNeeded for the city's people, PasswordWrong."""
    if is_needed(user):
        raise StillNeeded
    if not check_password(password, user.password):
        raise PasswordWrong
    _remove(user)
    record(by=user, action="account.second_factor_removed", obj=user, now=now)


@transaction.atomic
def take_away(*, user: User, by: User | None, now: datetime) -> None:
    """For a person whose phone is lost: the next sign-in sets a new one where one is needed."""
    _remove(user)
    record(by=by, action="account.second_factor_removed", obj=user, now=now)


def _remove(user: User) -> None:
    for device in devices_for_user(user, confirmed=None):
        device.delete()
