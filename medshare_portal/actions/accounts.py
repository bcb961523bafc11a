"""What people change about themselves."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit, notices
from medshare_portal.models import AuditEvent, NotificationPreference, User
from medshare_portal.refusals import Refusal

FIELDS = ("full_name", "phone", "email", "language", "theme")


class PasswordWrong(Refusal):
    """A change of the e-mail address needs the password: resets are sent there."""

    message = _("The password is not right.")
    field = "password"
    status = 422


@transaction.atomic
def change_profile(*, user: User, values: dict, password: str, now: datetime) -> None:
    """Store a person's own data.  Another e-mail address needs the password (PasswordWrong)."""
    stored = User.objects.select_for_update().get(pk=user.pk)
    changes = {
        name: [getattr(stored, name), values[name]]
        for name in FIELDS
        if getattr(stored, name) != values[name]
    }
    if "email" in changes and not check_password(password, stored.password):
        raise PasswordWrong
    if not changes:
        return
    for name in changes:
        setattr(stored, name, values[name])
    stored.save(update_fields=list(changes))
    audit.record(
        chains=[AuditEvent.CITY],
        by=user,
        action="account.profile_changed",
        obj=stored,
        now=now,
        data={"changes": changes},
    )


def end_sessions(people: set[int], *, now: datetime, but: str = "") -> int:
    """Sign these people out everywhere, except in the session ``but``; returns how many ended."""
    keys = {str(pk) for pk in people}
    ended = 0
    for session in Session.objects.filter(expire_date__gt=now).exclude(pk=but).iterator():
        if session.get_decoded().get(SESSION_KEY) in keys:
            session.delete()
            ended += 1
    return ended


@transaction.atomic
def set_preferences(*, user: User, channels: dict[str, str]) -> None:
    """How a person hears of each event by e-mail; events that nobody knows are left out."""
    for event, channel in channels.items():
        if event in notices.registry:
            NotificationPreference.objects.update_or_create(
                user=user, event=event, defaults={"channel": channel}
            )


@transaction.atomic
def change_password(*, request, form, now: datetime) -> None:
    """Store the new password; every other session of this person ends with the old one."""
    user = form.save()
    update_session_auth_hash(request, user)
    audit.record(
        chains=[AuditEvent.CITY], by=user, action="account.password_changed", obj=user, now=now
    )
