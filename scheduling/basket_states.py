"""The states of a basket and the words around them: a leaf, like ``states``."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BasketState(models.TextChoices):
    """A draft is sent once; all-or-nothing ends complete or released, never in between."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Waiting for answers")
    COMPLETE = "complete", _("Complete")
    RELEASED = "released", pgettext_lazy("basket", "Released")

    OVER = nonmember(("complete", "released"))
    MOVES = nonmember((("draft", "open"), ("open", "complete"), ("open", "released")))


class Together(models.TextChoices):
    """How the items of a basket hang together."""

    ALL = "all", _("All or nothing")
    POSSIBLE = "possible", _("What is possible")


class Undone(models.TextChoices):
    """Why an all-or-nothing basket came to nothing."""

    DECLINED = "declined", _("An item was declined")
    WITHDRAWN = "withdrawn", _("An item was withdrawn")
    LAPSED = "lapsed", _("An item ran out without an answer")
    CANCELLED = "cancelled", _("The booking of an item was cancelled")
    NO_SHOW = "no_show", _("An item was not collected")
    DEADLINE = "deadline", _("Not everybody answered in time")
    TAKEN_BACK = "taken_back", _("Taken back by the borrower")


IN_A_BASKET = "basket"  # reason code of an item that is released with its basket
