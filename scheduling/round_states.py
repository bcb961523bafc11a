"""The states of a matching round and of what it proposes, with named groups."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PLANNED = "planned"  # of ``MatchingRun.progress``: the phase after the solver's own


class RoundScope(models.TextChoices):
    """Whose needs a round is to serve, and from whose offers."""

    CITY = "city", _("The whole city")
    CONSORTIUM = "consortium", _("A consortium")
    INSTITUTION = "institution", _("One institution")


class RoundState(models.TextChoices):
    """From the order to the published proposals."""

    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Computing")
    PROPOSED = "proposed", _("Proposed, not yet published")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", pgettext_lazy("round", "Failed")

    UNDER_WAY = nonmember(("queued", "running"))
    DONE = nonmember(("proposed", "published"))


class RoundCause(models.TextChoices):
    """Why a round was run."""

    ORDERED = "ordered", _("Ordered")
    NIGHTLY = "nightly", _("Brought up to date at night")
    CHANGED = "changed", _("Brought up to date after a change")

    REVISIONS = nonmember(("nightly", "changed"))


class ProposalState(models.TextChoices):
    """What became of one proposal.

    The borrower says yes first: its yes makes the sharing request, which the owner answers like
    any other.  Until then either side may decline.
    """

    PROPOSED = "proposed", _("Proposed")
    STRUCK = "struck", _("Struck")
    PUBLISHED = "published", _("Waiting for both sides")
    ASKED = "asked", _("Requested, waiting for the owner")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")

    DRAFT = nonmember(("proposed", "struck"))  # the official's own affair
    TOLD = nonmember(("published", "asked", "agreed", "declined", "expired"))
    STANDING = nonmember(("published", "asked"))  # takes capacity until it is answered
    ENDED_UNSERVED = nonmember(("declined", "expired"))


class RoundAim(models.TextChoices):
    """What counts after the number of needs served, in this order; each may be left out."""

    WASTE = "waste", _("Save what would expire")
    STABILITY = "stability", _("Keep what was proposed before")
    TRAVEL = "travel", _("Short ways")


class RoundDecline(models.TextChoices):
    """Why a hospital does not want a proposal: coded, so that the next round knows."""

    OWN_NEED = "own_need", _("We need it ourselves")
    NOT_READY = "not_ready", _("Not ready for use")
    UNSUITABLE = "unsuitable", _("Not suitable for the purpose")
    TOO_FAR = "too_far", _("Too far, or the transport is missing")
    FOUND_ELSEWHERE = "found_elsewhere", _("Found elsewhere")
    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    OTHER = "other", _("Other reason")

    OF_OWNER = nonmember(("own_need", "not_ready", "unsuitable", "too_far", "other"))
    OF_NEED = nonmember(("found_elsewhere", "no_longer_needed"))  # says it of the need itself
    OF_BORROWER = nonmember(
        ("unsuitable", "too_far", "found_elsewhere", "no_longer_needed", "other")
    )


class Stale(models.TextChoices):
    """Why a proposal was struck when its round was published, though nobody struck it."""

    LATE = "late", _("It would begin before both sides could answer.")
    NOT_NEEDED = "not_needed", _("The need has ended, or is served in another way by now.")
    TAKEN = "taken", _("It has been taken, or is no longer offered for this time.")
    RULES = "rules", _("The rules no longer allow it.")
