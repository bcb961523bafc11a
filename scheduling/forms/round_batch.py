"""Several proposals answered at once: what is ticked, what the borrower adds, why it declines."""

from collections.abc import Collection

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling.actions.batches import MOST
from scheduling.forms.batches import TOO_MANY, ticks
from scheduling.round_states import RoundDecline

ACCEPT, DECLINE = "accept", "decline"
TICK_ONE = _("Tick at least one proposal.")
NOT_OURS = _("A ticked proposal is not there any more.")


class AnswersForm(forms.Form):
    """``rows``: views.proposals_batch.Row of the ticked ones that still wait; ``codes``: reasons of
    the side that declines; ``sites``: of the borrower, none for an owner, who only declines."""

    do = forms.ChoiceField(choices=[(ACCEPT, _("Accept")), (DECLINE, _("Decline"))])
    site = forms.TypedChoiceField(label=_("Where"), choices=(), required=False, empty_value=None)
    purpose = forms.CharField(
        label=_("Why you need it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: for each what its need says. Without names or other data of patients."),
    )
    agreement_accepted = forms.BooleanField(
        label=_("We accept the terms of the loans"), required=False
    )
    reason_code = forms.ChoiceField(label=_("Reason"), required=False, choices=())
    text = forms.CharField(
        label=_("Message to the other side"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args,
        ticked: Collection[str],
        known: Collection[int],
        rows,
        codes,
        sites=(),
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.ticked, self.known, self.rows = ticked, known, rows
        labels = [(code, RoundDecline(code).label) for code in codes]
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *labels]
        places = {str(site.pk): site for site in sites}
        self.fields["site"].choices = [
            ("", _("Where each need says")),
            *((pk, str(s)) for pk, s in places.items()),
        ]
        self.fields["site"].coerce = places.__getitem__
        if not sites:
            self.fields["do"].choices = [(DECLINE, _("Decline"))]
        for row in rows:
            for finding in row.warnings:
                self.fields[_name(row.pk, finding.code)] = forms.CharField(
                    label=_("Why you pass this"), required=False, max_length=500
                )

    @property
    def asks_agreement(self) -> bool:
        return any(row.asks_agreement for row in self.rows)

    def clean(self):
        values = super().clean()
        if len(self.ticked) > MOST:
            raise ValidationError(TOO_MANY % {"most": MOST})
        if not self.ticked:
            raise ValidationError(TICK_ONE)
        keys = ticks(self.ticked)
        if set(keys) - set(self.known) or len(keys) < len(set(self.ticked)):
            raise ValidationError(NOT_OURS)
        self._check_decision(values)
        return values

    def _check_decision(self, values: dict) -> None:
        required = forms.Field.default_error_messages["required"]
        missing = {
            DECLINE: "" if values.get("reason_code") else "reason_code",
            ACCEPT: "agreement_accepted"
            if self.asks_agreement and not values.get("agreement_accepted")
            else "",
        }.get(values.get("do"), "")
        if missing and missing not in self.errors:
            self.add_error(missing, required)

    def accepted(self, pk: int) -> dict[str, str]:
        """Code → reason of one row."""
        prefix = _name(pk, "")
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value
        }

    def reason_fields(self, pk: int) -> dict[str, forms.BoundField]:
        prefix = _name(pk, "")
        return {
            name.removeprefix(prefix): self[name] for name in self.fields if name.startswith(prefix)
        }


def _name(pk: int, code: str) -> str:
    return f"accepted_{pk}_{code}"
