"""Out of office: which days, and who stands in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import User


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """``colleagues``: who has a role at the institution; ``others``: whether the absence may be
    somebody else's."""

    user = forms.ModelChoiceField(label=_("Who is away"), queryset=User.objects.none())
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=User.objects.none(),
        help_text=_("Has the person's roles at this institution on these days."),
    )
    from_day = forms.DateField(label=_("First day"), widget=Day())
    until_day = forms.DateField(label=_("Last day"), widget=Day())
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("For the deputy, such as where to find things. No names of patients."),
    )

    def __init__(self, *args, colleagues, others: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = colleagues
        if others:
            self.fields["user"].queryset = colleagues
        else:
            del self.fields["user"]
