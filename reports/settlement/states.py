"""The states of a statement, of a line and of a dispute, with named groups."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StatementState(models.TextChoices):
    """Draft until its month is over; then both sides look at it; then nothing of it changes."""

    DRAFT = "draft", _("In preparation")
    REVIEW = "review", _("In review")
    CLOSED = "closed", pgettext_lazy("statement", "Closed")


class LineSort(models.TextChoices):
    SHARE = "share", _("Share")
    ADJUSTMENT = "adjustment", _("Adjustment")


class LineSide(models.TextChoices):
    """The two sides of a line, named as its columns are."""

    DEBTOR = "debtor", _("who pays")
    CREDITOR = "creditor", _("who is paid")

    @property
    def opposite(self) -> "LineSide":
        return LineSide.CREDITOR if self == LineSide.DEBTOR else LineSide.DEBTOR


class DisputeState(models.TextChoices):
    """``OPEN`` waits for the other side, ``WITH_CITY`` for the city."""

    OPEN = "open", _("Waiting for an answer")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    WITH_CITY = "with_city", _("With the city")
    UPHELD = "upheld", _("The city agreed")
    DISMISSED = "dismissed", _("The city left the line as it is")

    UNSETTLED = nonmember(("open", "with_city"))
    ADJUSTS = nonmember(("agreed", "upheld"))
    # Nothing follows any more; a refused one may still go to the city.
    ENDED = nonmember(("agreed", "withdrawn", "upheld", "dismissed"))
