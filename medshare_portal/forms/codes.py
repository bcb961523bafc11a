"""A column that takes its value from one of the city's code lists (GEN-10)."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Code

NONE = ("", "–")


def codes_of(system: str) -> list[tuple[str, str]]:
    """What may be chosen from the list with this short name, in its order."""
    rows = Code.objects.filter(system__slug=system).order_by("code", "pk")
    return [NONE, *((row.code, f"{row.code} {row.display}") for row in rows)]


class CodeField(forms.ChoiceField):
    """GEN-10: a code of one list, or none."""

    default_error_messages = {"invalid_choice": _("“%(value)s” is not a code of this list.")}

    def __init__(self, *, system: str, **kwargs):
        super().__init__(choices=partial(codes_of, system), required=False, **kwargs)


class InstitutionCodes(forms.ModelForm):
    """What an institution is, by the city's own lists; a level that no list knows has no rank."""

    institution_type = CodeField(system="cn-institution-type", label=_("institution type"))
    hospital_level = CodeField(system="cn-hospital-level", label=_("hospital level"))
