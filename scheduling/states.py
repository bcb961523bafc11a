"""The states of a sharing request and the words around them, with named groups."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """One spine for every kind (design.md §4); kinds show their own words for it."""

    HELD = "held", _("Held")
    REQUESTED = "requested", _("Requested")
    COUNTERED = "countered", _("Counter-offer made")
    APPROVED = "approved", _("Approved")
    UNDERWAY = "underway", _("Underway")
    FINISHED = "finished", _("Returned, check pending")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("Not collected")

    # The times of these may not overlap on one unit.  FINISHED still protects the cleaning time.
    HOLDS_CAPACITY = nonmember(("held", "countered", "approved", "underway", "finished"))
    OPEN = nonmember(("held", "requested", "countered", "approved", "underway", "finished"))
    PENDING = nonmember(("requested", "countered"))
    BOOKED = nonmember(("approved", "underway", "finished", "closed"))
    ENDED = nonmember(("closed", "declined", "withdrawn", "lapsed", "cancelled", "no_show"))
    # A decision was made, so who and when must be there.
    DECIDED = nonmember(
        ("countered", "approved", "underway", "finished", "closed", "declined", "no_show")
    )


class Side(models.TextChoices):
    """Who moves a request."""

    OWNER = "owner", _("Owner")
    BORROWER = "borrower", _("Borrower")
    SYSTEM = "system", _("System")
    CITY = "city", _("City")


class Voice(models.TextChoices):
    """Who speaks in a conversation: a side of the request, or the city that one has invited."""

    OWNER = "owner", _("Owner")
    BORROWER = "borrower", _("Borrower")
    CITY = "city", _("City")


class Priority(models.TextChoices):
    """FHIR request priority; the answer times are in the policy pack."""

    ROUTINE = "routine", _("Routine")
    URGENT = "urgent", _("Urgent")
    ASAP = "asap", _("As soon as possible")
    STAT = "stat", _("Emergency")


class DeclineReason(models.TextChoices):
    """Why an owner says no: coded, so that it can be counted."""

    OWN_NEED = "own_need", _("We need it ourselves")
    OTHER_WON = "other_won", _("Given to another request")
    UNSUITABLE = "unsuitable", _("Not suitable for the purpose")
    NOT_READY = "not_ready", _("Not ready for use")
    TERMS = "terms", _("Terms not met")
    OTHER = "other", _("Other reason")


class LapseReason(models.TextChoices):
    """Why a request ended without an answer: whose time ran out."""

    TOO_SLOW = "too_slow", _("Nobody answered in time")
    NOT_TAKEN_UP = "not_taken_up", _("The counter-offer was not taken up in time")


class Rung(models.IntegerChoices):
    """How far up a late answer has gone; each rung is told once."""

    NONE = 0, _("Nobody was reminded yet")
    REMINDED = 1, _("Reminded")
    DEPUTY = 2, _("Passed to the deputies")
    HEAD = 3, _("At the head of the institution")
    CITY = 4, _("At the city")

    @property
    def step(self) -> str:
        """What the history calls it when it is climbed."""
        return ("", "remind_late", "to_deputy", "to_head", "to_city")[self]


class CancelReason(models.TextChoices):
    """Why a booking was called off (FHIR cancelation reasons, shortened)."""

    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    FOUND_ELSEWHERE = "found_elsewhere", _("Found elsewhere")
    OWN_NEED = "own_need", _("Owner needs it")
    DEFECT = "defect", _("Out of order or in maintenance")
    RECALLED = "recalled", _("Recalled by the owner")
    MOVED = "moved", _("Asked for at another time")
    UNUSED = "unused", _("Unused, and not confirmed")
    OTHER = "other", _("Other reason")

    # What the portal itself gives as a reason.
    NOT_CHOSEN = nonmember(("moved", "unused"))
    # What only the owner can say: the borrower's demand then stays unmet.
    OF_OWNER = nonmember(("own_need", "defect", "recalled"))


class Transport(models.TextChoices):
    """How a lent device travels."""

    BORROWER = "borrower", _("We collect it")
    OWNER = "owner", _("The owner delivers")
    CITY_VAN = "city_van", _("City van")
    NONE = "none", _("Stays where it is")


class ChangeKind(models.TextChoices):
    """Changes of time that leave the state as it is."""

    EXTENSION = "extension", _("Extension")
    RECALL = "recall", _("Recall by the owner")
    SHORTENING = "shortening", _("Earlier end")


class ChangeStatus(models.TextChoices):
    PENDING = "pending", _("Waiting for an answer")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed")


class SignOffDecision(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")


class Suspension(models.TextChoices):
    """Why a request is on hold: no step brings it on until that is settled."""

    RECALLED_LOT = "recalled_lot", _("The lot is recalled or in quarantine")
    CREDENTIAL = "credential", _("A licence or credential does not last")
    RULES = "rules", _("The working-time rules are no longer kept")
    OUT_OF_ORDER = "out_of_order", _("The device is out of order")
    OTHER = "other", _("Other reason")


class Stage(models.TextChoices):
    """The two ends of a loan and the owner's check afterwards."""

    HANDOVER = "handover", _("Handover")
    RETURN = "return", _("Return")
    POST_CHECK = "post_check", _("Check after return")
