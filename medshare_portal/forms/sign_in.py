"""The forms of signing in and of passwords."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal.notices_core import ask_for_reset

LONGEST_PASSWORD = 1024


class SignInForm(AuthenticationForm):
    """Django's, with a bound on what is hashed and one answer for every failure."""

    error_messages = {
        "invalid_login": _("The name or the password is not right. Capitals count."),
        "inactive": _("The name or the password is not right. Capitals count."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].widget.attrs["maxlength"] = LONGEST_PASSWORD

    def clean(self):
        if len(self.cleaned_data.get("password", "")) > LONGEST_PASSWORD:
            raise self.get_invalid_login_error()
        return super().clean()


class ResetForm(PasswordResetForm):
    """Queues the message, so that a known address is answered as fast as an unknown one."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def save(self, **kwargs):
        """The link is made when the message is sent, and leads to the configured host."""
        ask_for_reset(users=list(self.get_users(self.cleaned_data["email"])), now=timezone.now())
