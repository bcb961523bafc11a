"""The form of a person's own fields: name, grade, specialties, licence."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Code
from resources.enums_staff import LicenceCategory, LicenceKind
from resources.forms.days import DayInput
from resources.kinds.staff.licence_numbers import BadNumber, checked, digest, masked
from resources.models import StaffMember

SPECIALTIES = "cn-clinical-specialty"
FIELDSETS = [
    (
        _("Person"),
        ["person_name", "email", "title_level", "practising_since", "specialties"],
    ),
    (
        _("Licence"),
        [
            "licence_kind",
            "licence_masked",
            "licence_category",
            "licence_issuer",
            "licence_issued_on",
            "licence_valid_until",
            "licence_status",
            "licence_source",
            "licence_verified_by",
            "licence_verified_on",
        ],
    ),
]
DATES = ("licence_issued_on", "licence_valid_until", "licence_verified_on")
EARLIEST_YEAR = 1950


class StaffMemberForm(forms.ModelForm):
    """The licence number is asked for and not kept: see ``licence_numbers``."""

    licence_masked = forms.CharField(label=_("Licence number"), max_length=40, required=False)
    fieldset_names = FIELDSETS

    class Meta:
        model = StaffMember
        fields = [name for _title, names in FIELDSETS for name in names]
        widgets = dict.fromkeys(DATES, DayInput) | {
            "specialties": forms.SelectMultiple(attrs={"size": 6})
        }
        help_texts = {
            "person_name": _("Others see it only once a shift is booked."),
            "email": _("Where the person gets invitations with a link to agree."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        specialties = Code.objects.filter(system__slug=SPECIALTIES).order_by("code")
        self.fields["specialties"].queryset = specialties
        self.fields["specialties"].label_from_instance = str
        self.before = self.instance.licence_masked
        self.initial["licence_masked"] = ""
        self.fields["licence_masked"].help_text = (
            _("Registered: %(number)s. Fill in only to replace it.") % {"number": self.before}
            if self.before
            else _("Only its last four characters are shown again.")
        )

    def clean_practising_since(self):
        year = self.cleaned_data["practising_since"]
        if year is not None and not EARLIEST_YEAR <= year <= timezone.localdate().year:
            raise forms.ValidationError(_("This is no year in which somebody began to practise."))
        return year

    def clean(self):
        values = super().clean()
        self._check_licence(values)
        self._check_category(values)
        self._check_dates(values)
        return values

    def _check_licence(self, values: dict) -> None:
        number, kind = values.pop("licence_masked", ""), values.get("licence_kind")
        if kind == LicenceKind.NONE:
            values |= {"licence_masked": "", "licence_digest": ""}
            if number:
                self.add_error("licence_masked", _("A role without a licence has no number."))
        elif number and kind:
            try:
                plain = checked(number, kind)
            except BadNumber as problem:
                self.add_error("licence_masked", problem.message)
            else:
                values |= {"licence_masked": masked(plain), "licence_digest": digest(plain)}
        elif kind and not self.before and "licence_masked" not in self.errors:
            self.add_error("licence_masked", _("Enter the number of the licence."))

    def _check_category(self, values: dict) -> None:
        physician = values.get("licence_kind") == LicenceKind.PHYSICIAN
        if physician and values.get("licence_category") == LicenceCategory.NONE:
            self.add_error("licence_category", _("A physician’s licence has a category."))

    def _check_dates(self, values: dict) -> None:
        issued, until = values.get("licence_issued_on"), values.get("licence_valid_until")
        if issued and until and until < issued:
            self.add_error("licence_valid_until", _("The licence ends before it was issued."))
        if values.get("licence_kind") == LicenceKind.NURSE and not until:
            message = _("A nurse’s registration ends after five years: enter the day.")
            if "licence_valid_until" not in self.errors:
                self.add_error("licence_valid_until", message)
        verified = values.get("licence_verified_on")
        if verified and verified > timezone.localdate():
            self.add_error("licence_verified_on", _("This day is still to come."))
        if verified and not values.get("licence_verified_by"):
            self.add_error("licence_verified_by", _("Enter who verified it."))

    def fieldsets(self):
        """(legend, bound fields) in the order of the page."""
        for title, names in self.fieldset_names:
            yield title, [self[name] for name in names]
