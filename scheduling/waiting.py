"""Words and order of the wait-list."""

from datetime import datetime
from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduling.states import Priority

# The first in line is the most urgent.
URGENCY = (Priority.STAT, Priority.ASAP, Priority.URGENT, Priority.ROUTINE)
RANK = {priority.value: rank for rank, priority in enumerate(URGENCY)}


class WaitState(models.TextChoices):
    """What became of a place in the line."""

    WAITING = "waiting", pgettext_lazy("wait-list", "Waiting")
    OFFERED = "offered", _("A place is offered")
    TAKEN = "taken", _("Place taken up")
    MISSED = "missed", _("Offered place ran out")
    LEFT = "left", _("Left the line")
    EXPIRED = "expired", _("Waited in vain")

    OPEN = nonmember(("waiting", "offered"))
    ENDED = nonmember(("taken", "missed", "left", "expired"))
    HAD_A_PLACE = nonmember(("offered", "taken", "missed"))


def before_others(
    priority: str, latest_start: datetime, joined_at: datetime, pk: int
) -> tuple[int, datetime, datetime, int]:
    """The order in which freed time is offered: by urgency, then by need – who must begin first –,
    then by who joined first.  Smaller comes first."""
    return RANK[priority], latest_start, joined_at, pk
