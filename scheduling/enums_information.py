"""Closed lists around access to information (domain.md 2.5, 3.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndReason(models.TextChoices):
    """Why an access ended."""

    EXPIRED = "expired", _("Its time is over")
    USED_UP = "used_up", _("Every look is used")
    REVOKED = "revoked", _("Revoked by the owner")
    CONSENT = "consent", _("Consent was withdrawn")
    GIVEN_BACK = "given_back", _("No longer needed")


class ReviewVerdict(models.TextChoices):
    """What the review of a break-glass access found."""

    JUSTIFIED = "justified", _("Justified")
    UNJUSTIFIED = "unjustified", _("Not justified")
    ACTION = "action", _("Needs action")


class Decision(models.TextChoices):
    """Whether a look was let through (BALP: AuthZ permit or deny)."""

    PERMIT = "permit", _("Let through")
    DENY = "deny", _("Denied")


class AccessAction(models.TextChoices):
    """What somebody tried to do."""

    LOOK = "look", _("Open the content")
    FETCH = "fetch", _("Fetch the opened file")
    BREAK_GLASS = "break_glass", _("Break the glass")
