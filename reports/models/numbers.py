"""The columns of everything that is counted by day and summed."""

from django.db import models
from django.db.models import Q

from reports.rollups.columns import COLUMNS


def _number() -> models.BigIntegerField:
    return models.BigIntegerField(default=0)


def nothing_negative() -> Q:
    return Q(**{f"{name}__gte": 0 for name in COLUMNS})


class Numbers(models.Model):
    """What the columns count is written in ``rollups.columns``."""

    offered = _number()
    booked = _number()
    used = _number()
    own_used = _number()
    planned_down = _number()
    unplanned_down = _number()
    idle = _number()
    repair = _number()
    confirmed = _number()
    notice = _number()
    load_used = _number()
    load_most = _number()

    requested = _number()
    ended = _number()
    filled = _number()
    refused = _number()
    too_slow = _number()
    missed = _number()
    withdrawn = _number()
    cancelled = _number()
    recalled = _number()
    released = _number()
    not_collected = _number()
    answered = _number()
    answered_in_time = _number()
    answered_by_rule = _number()
    lent = _number()
    returned_late = _number()
    filled_whole = _number()
    cancelled_late = _number()
    excepted = _number()
    metres = _number()
    failures = _number()

    looks = _number()
    looks_refused = _number()
    looks_emergency = _number()
    reviews_due = _number()
    reviewed_in_time = _number()
    grants_approved = _number()
    grants_denied = _number()
    grants_ended = _number()
    grants_expired = _number()
    looks_granted = _number()
    recognisable = _number()
    recognised = _number()

    packs_asked = _number()
    packs_accepted = _number()
    packs_rejected = _number()
    packs_lost = _number()
    packs_rescued = _number()
    packs_expired = _number()
    packs_used = _number()

    charged = _number()
    value_given = _number()
    value_rescued = _number()
    value_expired = _number()
    value_used = _number()
    value_stock = _number()

    class Meta:
        abstract = True
