"""The form of an asset's own fields; what does not fit is said beside its field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Code
from resources.forms.equipment import DayInput
from resources.models import InformationAsset
from resources.models.information import HTTPS_ONLY

INFO_TYPES, ITEMS = "info-type", "recognised-item"
FIELDSETS = [
    (_("Content"), ["info_type", "summary", "field_names", "custodian", "endpoint"]),
    (_("Protection"), ["identifiability", "sensitivity"]),
    (
        _("Mutual recognition"),
        [
            "recognised_item",
            "performed_on",
            "valid_days",
            "qc_passed",
            "qc_valid_to",
            "mark_scope",
        ],
    ),
]
MOST_FIELDS = 200


class CodeField(forms.ModelChoiceField):
    """Codes by their display: the numbers of these lists say nothing to a person."""

    def label_from_instance(self, obj) -> str:
        return obj.display


class InformationForm(forms.ModelForm):
    """Fields of domain.md 2.5; a result for recognition needs its date."""

    info_type = CodeField(label=_("Kind of information"), queryset=Code.objects.none())
    endpoint = forms.URLField(
        label=_("Address of the content"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[HTTPS_ONLY],
        error_messages={"invalid": HTTPS_ONLY.message},
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Instead of a file; shown only to who holds an open grant."),
    )
    recognised_item = CodeField(
        label=_("Item of mutual recognition"), queryset=Code.objects.none(), required=False
    )

    class Meta:
        model = InformationAsset
        fields = [name for _title, names in FIELDSETS for name in names]
        widgets = {
            "performed_on": DayInput,
            "qc_valid_to": DayInput,
            "summary": forms.Textarea(attrs={"rows": 4, "class": "wide"}),
            "field_names": forms.Textarea(attrs={"rows": 4, "class": "wide"}),
        }

    fieldset_names = FIELDSETS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = Code.objects.select_related("system").order_by("pk")
        self.fields["info_type"].queryset = codes.filter(system__slug=INFO_TYPES)
        self.fields["recognised_item"].queryset = codes.filter(system__slug=ITEMS)

    def clean_field_names(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["field_names"].splitlines()]
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_FIELDS or any(len(name) > 120 for name in names):
            raise forms.ValidationError(_("At most 200 fields of at most 120 characters."))
        return "\n".join(names)

    def clean(self):
        values = super().clean()
        if values.get("recognised_item"):
            self._need(values, "performed_on", _("A result for recognition needs its date."))
        if values.get("qc_passed"):
            self._need(values, "qc_valid_to", _("Say until when the quality control is valid."))
        return values

    def _need(self, values: dict, name: str, message) -> None:
        if name in values and not values[name]:
            self.add_error(name, message)

    def fieldsets(self):
        """(legend, bound fields) in the order of the page."""
        for title, names in self.fieldset_names:
            yield title, [self[name] for name in names]
