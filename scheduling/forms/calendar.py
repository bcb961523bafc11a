"""What the calendar shows: all of it lives in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.forms.moments import FIRST_YEAR, LAST_YEAR
from resources.models import Category

VIEWS = [("day", _("Day")), ("week", _("Week")), ("month", _("Month")), ("table", _("Table"))]
SCOPES = [
    ("both", _("Ours and borrowed")),
    ("ours", _("Ours")),
    ("borrowed", _("Borrowed")),
    ("all", _("All that we may see")),
]
LAST_PAGE = 10_000


class CalendarForm(forms.Form):
    """Malformed values are errors, absent ones have a default (``value``)."""

    view = forms.ChoiceField(label=_("View"), choices=VIEWS, required=False)
    scope = forms.ChoiceField(label=_("Whose"), choices=SCOPES, required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Category"),
        required=False,
        empty_label=_("All categories"),
    )
    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)
    date = forms.DateField(label=_("Date"), required=False, input_formats=["%Y-%m-%d"])
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    defaults = {"view": "week", "scope": "both", "page": 1}

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(kind=kind, parent=None).order_by(
            "slug", "pk"
        )

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("Choose a year from %(first)s to %(last)s."),
                params={"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        return day

    def value(self, name: str):
        """What was chosen, or the default where nothing (right) was."""
        chosen = self.cleaned_data.get(name) if self.is_valid() else None
        return chosen or self.defaults.get(name)
