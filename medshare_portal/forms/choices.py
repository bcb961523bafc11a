"""Choices among rows."""

from django import forms
from django.core.exceptions import ValidationError


class ManyOf(forms.ModelMultipleChoiceField):
    """Several rows; a key that no database could hold is a choice that is not there."""

    def _check_values(self, value):
        try:
            return super()._check_values(value)
        except OverflowError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": "…"},
            ) from error
