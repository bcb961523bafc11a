"""One form for each sort of paper that a person has."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.models import Institution
from resources.enums_staff import CredentialKind
from resources.forms.days import DayInput
from resources.models import Competency, Credential, Indemnity, PracticeBasis

FARTHEST = date(2100, 1, 1)


class PaperForm(forms.ModelForm):
    """Base: what ends ends after it began, and not in another age."""

    first, last = "valid_from", "valid_until"

    def __init__(self, *args, institution, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if "host" in self.fields:
            others = Institution.objects.directory().exclude(pk=institution.pk)
            self.fields["host"].queryset = others.order_by("slug")

    def clean(self):
        values = super().clean()
        first, last = values.get(self.first), values.get(self.last)
        if first and last and last < first:
            self.add_error(self.last, _("It ends before it starts."))
        for name in (self.first, self.last):
            if values.get(name) and values[name] > FARTHEST:
                self.add_error(name, _("This date is too far away."))
        return values


class CredentialForm(PaperForm):
    first = "verified_on"

    class Meta:
        model = Credential
        fields = (
            "kind", "competency", "title", "evidence",
            "source", "verified_by", "verified_on", "valid_until",
        )  # fmt: skip
        widgets = {"verified_on": DayInput, "valid_until": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = Competency.objects.order_by("code")

    def clean(self):
        values = super().clean()
        kind, verified = values.get("kind"), values.get("verified_on")
        if kind == CredentialKind.COMPETENCY and not values.get("competency"):
            self.add_error("competency", _("Choose the competency."))
        elif kind and kind != CredentialKind.COMPETENCY:
            values["competency"] = None
        needs_title = kind in (CredentialKind.TRAINING, CredentialKind.VACCINATION)
        if needs_title and not values.get("title") and "title" not in self.errors:
            self.add_error("title", _("Say what it is."))
        if verified and verified > self.today:
            self.add_error("verified_on", _("This day is still to come."))
        return values


class BasisForm(PaperForm):
    class Meta:
        model = PracticeBasis
        fields = ("host", "basis", "evidence", "valid_from", "valid_until")
        widgets = {"valid_from": DayInput, "valid_until": DayInput}


class IndemnityForm(PaperForm):
    class Meta:
        model = Indemnity
        fields = ("insurer", "reference", "host", "valid_from", "valid_until")
        widgets = {"valid_from": DayInput, "valid_until": DayInput}
        help_texts = {"host": _("Empty: at every institution of the city.")}
