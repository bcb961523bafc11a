"""The form of a device's own fields; what does not fit is said beside its field."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Code
from resources.enums import EquipmentStatus, LicensedLarge, RiskClass
from resources.forms.days import DayInput
from resources.models import Competency, Equipment

NMPA, DICOM = "nmpa-device-category", "dicom-modality"
FIELDSETS = [
    (
        _("Make"),
        ["model", "manufacturer", "serial_no", "udi_di"],
    ),
    (
        _("Classification"),
        [
            "nmpa_category",
            "risk_class",
            "registration_no",
            "registration_valid_until",
            "emdn",
            "modality",
            "licensed_large",
            "licence_no",
            "radiation",
            "radiation_licence_no",
            "fixed",
            "mains_powered",
            "single_use",
            "required_competency",
        ],
    ),
    (_("How it is shared"), ["on_site", "loan", "service"]),
    (
        _("Technical state"),
        [
            "status",
            "status_note",
            "obsolete",
            "decontamination_state",
            "decontamination_record",
            "counter_reading",
            "rated_hours_day",
            "rated_hours_year",
            "max_daily_capacity",
            "avg_duration",
        ],
    ),
    (
        _("Due dates"),
        [
            "pm_interval_days",
            "last_pm",
            "next_pm_due",
            "last_calibration",
            "calibration_due",
            "last_safety_test",
            "safety_test_due",
            "safety_test_result",
            "service_life_until",
        ],
    ),
    (_("Value and cover"), ["replacement_value", "deposit", "indemnity_ref"]),
]
NOT_BEFORE = [
    ("next_pm_due", "last_pm"),
    ("calibration_due", "last_calibration"),
    ("safety_test_due", "last_safety_test"),
]
DATES = [name for pair in NOT_BEFORE for name in pair]
DATES += ["registration_valid_until", "service_life_until"]


class EquipmentForm(forms.ModelForm):
    """Fields of domain.md 2.2 with their rules (EQ-04, EQ-06, EQ-08)."""

    class Meta:
        model = Equipment
        fields = [name for _title, names in FIELDSETS for name in names]
        widgets = dict.fromkeys(DATES, DayInput)

    fieldset_names = FIELDSETS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = Code.objects.select_related("system")
        self.fields["nmpa_category"].queryset = codes.filter(system__slug=NMPA).order_by("code")
        self.fields["modality"].queryset = codes.filter(system__slug=DICOM).order_by("code")
        self.fields["required_competency"].queryset = Competency.objects.order_by("code")

    def clean(self):
        values = super().clean()
        self._check_registration(values)
        self._check_large(values)
        self._check_modes(values)
        self._check_dates(values)
        if values.get("status") not in (None, EquipmentStatus.OPERATIONAL):
            self._need(values, "status_note", _("Say what is wrong or what is limited."))
        return values

    def _get_validation_exclusions(self) -> set[str]:
        """Whether the serial number is taken is asked by the action (see ResourceForm)."""
        return {*super()._get_validation_exclusions(), "serial_no"}

    def _need(self, values: dict, name: str, message) -> None:
        if name in values and not values[name]:
            self.add_error(name, message)

    def _check_registration(self, values: dict) -> None:
        if values.get("risk_class") in (RiskClass.II, RiskClass.III):
            message = _("Class II and III need a registration number.")
            self._need(values, "registration_no", message)

    def _check_large(self, values: dict) -> None:
        if values.get("licensed_large") not in (None, LicensedLarge.NONE):
            message = _("Licensed large equipment needs the number of its licence.")
            self._need(values, "licence_no", message)
        if values.get("radiation"):
            message = _("A device that emits radiation needs its licence.")
            self._need(values, "radiation_licence_no", message)

    def _check_modes(self, values: dict) -> None:
        """EQ-08: what is licensed, fixed, or radiates at its place does not travel."""
        if not values.get("loan"):
            return
        large = values.get("licensed_large") not in (None, LicensedLarge.NONE)
        if large or values.get("fixed"):
            self.add_error("loan", _("This item can only be used at its licensed site."))
        if values.get("single_use"):
            self.add_error("loan", _("Single-use items cannot be lent."))

    def _check_dates(self, values: dict) -> None:
        interval, last = values.get("pm_interval_days"), values.get("last_pm")
        if interval and last and not values.get("next_pm_due") and "next_pm_due" in values:
            try:
                values["next_pm_due"] = last + timedelta(days=interval)
            except OverflowError:
                self.add_error("pm_interval_days", _("This interval is too long."))
        for due, done in NOT_BEFORE:
            if values.get(due) and values.get(done) and values[due] < values[done]:
                self.add_error(due, _("The due date lies before the last one."))

    def fieldsets(self):
        """(legend, bound fields) in the order of the page."""
        for title, names in self.fieldset_names:
            yield title, [self[name] for name in names]
