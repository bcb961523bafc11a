"""What the columns of a lot must look like where the jurisdiction says so."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from medshare_portal import policy


def validate_approval_no(value: str) -> None:
    """The national form of an approval number, such as 国药准字H20050001 (policy pack)."""
    if not re.fullmatch(policy.current().medicine.approval_pattern, value):
        raise ValidationError(_("This is not an approval number in the national form."))
