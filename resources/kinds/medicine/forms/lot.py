"""The form of a lot's own fields; what does not fit is said beside its field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.currencies import currency_of
from medshare_portal.validators import gs1_check_digit
from resources.enums_medicine import ControlClass
from resources.forms.equipment import DayInput
from resources.models import MedicineLot

IDENTITY = [
    "generic_name_en",
    "generic_name_zh",
    "dose_form",
    "strength",
    "unit",
    "pack_size",
    "approval_no",
    "gtin",
    "lot_no",
    "mfg_date",
    "expiry_date",
]
FIELDSETS = [
    (
        _("Medicine"),
        [
            "generic_name_en",
            "generic_name_zh",
            "brand",
            "dose_form",
            "strength",
            "unit",
            "pack_size",
            "pack",
            "approval_no",
            "gtin",
            "atc",
            "insurance_code",
            "mah",
            "manufacturer",
        ],
    ),
    (_("Lot"), ["lot_no", "mfg_date", "expiry_date", "serials"]),
    (_("Class and storage"), ["control_class", "preparation_approval", "storage_class"]),
    (
        _("Sharing"),
        [
            "transfer_basis",
            "basis_evidence",
            "unit_cost",
            "transfer_price",
            "currency",
            "min_days_at_receipt",
        ],
    ),
]
GTIN_LENGTHS = (8, 12, 13, 14)


class GtinField(forms.CharField):
    """8, 12, 13 or 14 digits, padded to 14."""

    def to_python(self, value):
        text = super().to_python(value)
        if text.isascii() and text.isdigit() and len(text) in GTIN_LENGTHS:
            return text.zfill(14)
        return text


class LotForm(forms.ModelForm):
    """Fields of domain.md 2.3.  What was offered keeps its number, dates and item (MED-01)."""

    gtin = GtinField(label="GTIN", required=False, max_length=14)

    class Meta:
        model = MedicineLot
        fields = [name for _title, names in FIELDSETS for name in names]
        widgets = {
            "mfg_date": DayInput,
            "expiry_date": DayInput,
            "serials": forms.Textarea(attrs={"rows": 2}),
        }

    fieldset_names = FIELDSETS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.identity_fixed:
            for name in IDENTITY:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Fixed since the lot was offered.")

    def clean_gtin(self) -> str:
        gtin = self.cleaned_data["gtin"]
        if gtin and (len(gtin) != 14 or gs1_check_digit(gtin[:-1]) != gtin[-1]):
            raise forms.ValidationError(_("This is not a GTIN: its check digit does not fit."))
        return gtin

    def clean_currency(self) -> str:
        return currency_of(self.cleaned_data["currency"])

    def clean_serials(self) -> str:
        """One code per line, each once."""
        lines = [line.strip() for line in self.cleaned_data["serials"].splitlines() if line.strip()]
        if len(lines) != len(set(lines)):
            raise forms.ValidationError(_("A trace code stands here twice."))
        if any(len(line) > 40 or not line.isascii() or " " in line for line in lines):
            raise forms.ValidationError(_("One code per line: letters, digits and signs."))
        return "\n".join(lines)

    def clean(self):
        values = super().clean()
        if values.get("control_class") != ControlClass.HOSPITAL_PREPARATION:
            values["preparation_approval"] = ""
        if values.get("transfer_basis") and not values.get("basis_evidence"):
            self.add_error("basis_evidence", _("Name the evidence: an agreement, order or letter."))
        return values

    def fieldsets(self):
        """(legend, bound fields) in the order of the page."""
        for title, names in self.fieldset_names:
            yield title, [self[name] for name in names]
