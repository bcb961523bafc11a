"""What a forecast warns of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Warned(models.TextChoices):
    """A short supply, or more than will be needed."""

    NOTHING = "", _("nothing")
    SHORTAGE = "shortage", _("shortage")
    SURPLUS = "surplus", _("surplus")
