"""The one page on which an offer is made or changed."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.currencies import currency_of
from medshare_portal.models import Consortium, Institution
from resources.actions.offers import OfferTerms
from resources.enums import AutoApproval, Visibility
from resources.forms.windows import WindowsMixin, read_exceptions, window_fields
from resources.kinds import FEES, HOURLY
from resources.models import Offer

TERMS = (
    "starts_on",
    "ends_on",
    "notice_hours",
    "max_loan_hours",
    "visibility",
    "consortia",
    "named_institutions",
    "setup_minutes",
    "transport_minutes",
    "cleaning_minutes",
    "recall_notice_hours",
    "auto_approval",
    "auto_approval_max_hours",
    "fee_per_hour",
    "fee_per_shift",
    "currency",
    "reserve_percent",
    "conditions",
)
FARTHEST = date(2100, 1, 1)


class OfferForm(WindowsMixin, forms.ModelForm):
    """Validates only; ``terms``, ``windows`` and ``exceptions`` go to the action."""

    exceptions = forms.CharField(
        label=_("Exceptions"),
        required=False,
        max_length=8000,
        strip=True,
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": "2026-12-25\n2026-12-26 08:00-12:00"}
        ),
        help_text=_("One date per line: closed that day, or with other hours."),
    )

    class Meta:
        model = Offer
        fields = TERMS
        widgets = {
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "visibility": forms.RadioSelect,
            "consortia": forms.CheckboxSelectMultiple,
            "named_institutions": forms.CheckboxSelectMultiple,
            "conditions": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "ends_on": _("Empty: until you withdraw it."),
            "auto_approval": _("Only requests that no rule objects to."),
            "fee_per_shift": _(
                "One amount for each shift, however long; the amount per hour is then 0."
            ),
        }

    def __init__(
        self, *args, institution, today: date, earliest: date | None = None, fees=HOURLY, **kwargs
    ):
        super().__init__(*args, **kwargs)
        for name in set(FEES) - set(fees):
            del self.fields[name]
        self.fields |= window_fields()
        self.today, self.earliest = today, min(earliest or today, today)
        self.fields["consortia"].queryset = (
            Consortium.objects.filter(memberships__in=institution.consortium_memberships.on(today))
            .distinct()
            .order_by("slug")
        )
        self.fields["named_institutions"].queryset = (
            Institution.objects.directory().exclude(pk=institution.pk).order_by("slug")
        )
        choices = [pair for pair in Visibility.choices if pair[0] != Visibility.PRIVATE]
        if not self.fields["consortia"].queryset:
            choices = [pair for pair in choices if pair[0] != Visibility.CONSORTIUM]
        self.fields["visibility"].choices = choices
        self.fields["auto_approval"].choices = AutoApproval.choices

    def clean(self):
        values = super().clean()
        self._check_dates(values)
        self._check_fees(values)
        self._check_audience(values)
        self.windows = self.windows_of(values)
        self.check_windows(self.windows)
        self.exception_days = []
        if values.get("starts_on") and values.get("exceptions"):
            self._read_exceptions(values)
        return values

    def clean_currency(self) -> str:
        return currency_of(self.cleaned_data["currency"])

    def _check_dates(self, values: dict) -> None:
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and first < self.earliest:
            self.add_error("starts_on", _("This date is past."))
        if last and last < self.today:
            self.add_error("ends_on", _("This date is past."))
        elif first and last and last < first:
            self.add_error("ends_on", _("The offer ends before it starts."))
        for name, day in (("starts_on", first), ("ends_on", last)):
            if day and day > FARTHEST:
                self.add_error(name, _("This date is too far away."))

    def _check_fees(self, values: dict) -> None:
        if values.get("fee_per_hour") and values.get("fee_per_shift") is not None:
            self.add_error("fee_per_shift", _("Charge by the hour or by the shift, not by both."))

    def _check_audience(self, values: dict) -> None:
        chosen = values.get("visibility")
        if chosen == Visibility.CONSORTIUM and not values.get("consortia"):
            self.add_error("consortia", _("Choose at least one consortium."))
        if chosen == Visibility.NAMED and not values.get("named_institutions"):
            self.add_error("named_institutions", _("Choose at least one institution."))

    def _read_exceptions(self, values: dict) -> None:
        try:
            self.exception_days = read_exceptions(
                values["exceptions"], first=values["starts_on"], last=values.get("ends_on")
            )
        except forms.ValidationError as problem:
            self.add_error("exceptions", problem)

    @property
    def terms(self) -> OfferTerms:
        """What the action takes; only after validation."""
        values = {name: self.cleaned_data[name] for name in TERMS if name in self.fields}
        lists = {name: tuple(values.pop(name)) for name in ("consortia", "named_institutions")}
        return OfferTerms(**values, **lists)

    def section(self, *names: str):
        return [self[name] for name in names]

    @property
    def when(self):
        return self.section("starts_on", "ends_on", "notice_hours", "max_loan_hours")

    @property
    def who(self):
        names = ["visibility", "named_institutions"]
        if self.fields["consortia"].queryset:
            names.insert(1, "consortia")
        return self.section(*names)

    @property
    def further(self):
        return self.section(
            "recall_notice_hours",
            "setup_minutes",
            "transport_minutes",
            "cleaning_minutes",
            "auto_approval",
            "auto_approval_max_hours",
            *(name for name in FEES if name in self.fields),
            "currency",
            "reserve_percent",
            "conditions",
        )

    @property
    def further_has_errors(self) -> bool:
        return any(field.errors for field in self.further)
