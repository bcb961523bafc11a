"""Words of the facts of demand: where a demand was said, and what became of it."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where somebody asked."""

    REQUEST = "request", _("sharing request")
    NEED = "need", _("Need")
    WAITLIST = "waitlist", _("Wait-list")


class Outcome(models.TextChoices):
    """What became of it.

    Not met is what nobody gave or what was taken back; what the asking side gave up itself
    (withdrawn, missed, not collected, called off) and what ended with other requests is neither
    met nor unmet.
    """

    FILLED = "filled", _("Filled")
    REFUSED = "refused", _("Refused")
    TOO_SLOW = "too_slow", _("Nobody answered in time")
    NOTHING_LISTED = "nothing_listed", _("Nobody had it listed")
    UNMET = "unmet", _("Not met in time")
    MISSED = "missed", _("Offered, not taken up in time")
    WITHDRAWN = "withdrawn", _("Withdrawn by who asked")
    CANCELLED = "cancelled", _("Called off after it was approved")
    RECALLED = "recalled", _("Taken back early by the owner")
    NOT_COLLECTED = "not_collected", _("Not collected")
    RELEASED = "released", _("Released with its basket or series")

    NOT_MET = nonmember(("refused", "too_slow", "nothing_listed", "unmet", "recalled"))


# A booking that was called off for one of these was called off by its owner: not met.
OWNERS_REASONS = ("own_need", "defect")
