"""The forms of signing in and of passwords."""

from django.contrib.auth.forms import AuthenticationForm

LONGEST_PASSWORD = 1024


class SignInForm(AuthenticationForm):
    """Django's, with a bound on what is hashed and one answer for every failure."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].max_length = LONGEST_PASSWORD
        self.fields["password"].widget.attrs["maxlength"] = LONGEST_PASSWORD

    def clean(self):
        if len(self.cleaned_data.get("password", "")) > LONGEST_PASSWORD:
            raise self.get_invalid_login_error()
        return super().clean()
