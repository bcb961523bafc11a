"""Forms of the shorter steps: revoke, withdraw consent, review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medshare_portal.sign_in import TooManyGuesses, is_own_password
from resources.enums_information import Purpose, RecipientRole
from scheduling.enums_information import ReviewVerdict
from scheduling.kinds.information.forms.access import choices_of


class SayWhyForm(forms.Form):
    """A step that the other side is told the reason of."""

    text = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NothingForm(forms.Form):
    """Only asks; nothing to fill in."""


class SecondApprovalForm(forms.Form):
    text = forms.CharField(label=_("Note"), required=False, max_length=1000)


class LogReviewForm(forms.Form):
    text = forms.CharField(
        label=_("What you found"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GlassReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=ReviewVerdict.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What you found"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BreakGlassForm(forms.Form):
    """Why it cannot wait, and the password once more."""

    purpose_of_use = forms.ChoiceField(
        label=_("Emergency"),
        choices=choices_of(Purpose, Purpose.EMERGENCIES),
        widget=forms.RadioSelect,
        initial=Purpose.EMERGENCY,
    )
    recipient_role = forms.ChoiceField(label=_("Opened by"), choices=RecipientRole.choices)
    reason = forms.CharField(
        label=_("Why it cannot wait"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    password = forms.CharField(
        label=_("Your password, once more"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Counted like a guess at the sign-in."""
        try:
            right = is_own_password(self.request, self.cleaned_data["password"])
        except TooManyGuesses as error:
            raise forms.ValidationError(
                _("Too many wrong passwords. No password is looked at for a while.")
            ) from error
        if not right:
            raise forms.ValidationError(_("The password is not right."))
        return ""
