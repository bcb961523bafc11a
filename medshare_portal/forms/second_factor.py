"""The forms of the second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """Six digits of the app, or one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from your authenticator app, or a recovery code."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class SetForm(forms.Form):
    """The first code of the app that has just read the QR code."""

    secret = forms.CharField(max_length=300, widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Needed to put a new second factor in place of the old one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        max_length=1024,
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=6,
        help_text=_("The six digits that your authenticator app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args, replaces: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not replaces:
            del self.fields["password"]


class OffForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
