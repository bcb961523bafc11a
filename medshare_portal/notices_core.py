"""Notices of the core: a password to be set, a role that ends."""

from datetime import date, datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import RoleAssignment, User
from medshare_portal.notices import Notice, notice, queue

RESET_AT_MOST_EVERY = 5 * 60  # seconds
RESET_WITHIN = timedelta(hours=1)
WARN_DAYS_BEFORE = 14


@notice
class PasswordResetAsked(Notice):
    """The link is made only for the message; the portal never shows it."""

    code = "account.password-reset"
    label = _("A new password was asked for")
    subject = _("Set a new password")
    body = _(
        "Someone, probably you, asked for a new password for your account. The link in the e-mail "
        "works once, for one hour. If it was not you, ignore it: the password stays as it is."
    )
    urgent = True

    @classmethod
    def mail_url(cls, notification) -> str:
        user = notification.user
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        token = default_token_generator.make_token(user)
        return reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})

    @classmethod
    def still_relevant(cls, notification) -> bool:
        return timezone.now() - notification.created_at < RESET_WITHIN


@notice
class RoleEnds(Notice):
    code = "account.role-ends"
    label = _("A role of mine ends soon")
    subject = _("Your role “%(role)s” at %(where)s ends on %(until)s")
    body = _("Ask the registry administrator if you still need it after that day.")

    @classmethod
    def url(cls, notification) -> str:
        return reverse("profile")


def ask_for_reset(*, users: list[User], now: datetime) -> None:
    """Queue the message with the link; asking again within minutes sends nothing more."""
    slot = int(now.timestamp()) // RESET_AT_MOST_EVERY
    queue(
        PasswordResetAsked,
        users=users,
        institution=None,
        event_key=f"password-reset:{slot}",
        context={},
        now=now,
    )


def announce_role_ends(*, today: date, now: datetime) -> int:
    """Tell people whose role ends within two weeks, once per role and end date."""
    ending = RoleAssignment.objects.filter(
        user__is_active=True,
        valid_until__range=(today, today + timedelta(days=WARN_DAYS_BEFORE)),
    ).select_related("user", "role_group__institution")
    for assignment in ending:
        queue(
            RoleEnds,
            users=[assignment.user],
            institution=assignment.role_group.institution,
            event_key=f"role-ends:{assignment.pk}:{assignment.valid_until}",
            context=_facts(assignment),
            now=now,
        )
    return len(ending)


def _facts(assignment: RoleAssignment) -> dict:
    place = assignment.role_group.institution
    return {
        **_in_both("role", assignment.role_group.get_role_display),
        **_in_both("where", lambda: place.name if place else _("The city")),
        "until": assignment.valid_until.isoformat(),
    }


def _in_both(name: str, word) -> dict[str, str]:
    """``word()`` in each language, for a notice's context."""
    texts = {}
    for suffix, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            texts[f"{name}_{suffix}"] = str(word())
    return texts
