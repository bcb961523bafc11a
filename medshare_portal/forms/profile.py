"""A person's own data, and how the portal may reach the person."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from medshare_portal import notices
from medshare_portal.models import NotificationPreference, User

Channel = NotificationPreference.Channel


class ProfileForm(forms.ModelForm):
    """``password`` is asked only when the e-mail address changes (see the action)."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("Needed only to change the e-mail address: links for a new password go there."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        required=False,
        max_length=1024,
    )

    class Meta:
        model = User
        fields = ("full_name", "phone", "email", "password", "language", "theme")
        labels = {
            "full_name": _("Name"),
            "phone": _("Phone"),
            "email": _("E-mail"),
            "language": _("Language"),
            "theme": _("Appearance"),
        }
        widgets = {
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
        }

    field_order = ("full_name", "phone", "email", "password", "language", "theme")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["language"].choices = [
            ("", _("As the browser asks")),
            *((code, _(name)) for code, name in settings.LANGUAGES),
        ]

    def values(self) -> dict:
        """What the action stores; the password is passed beside it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "password"}

    def _post_clean(self):
        """The form does not write into the signed-in person's object: the action stores."""


class PreferencesForm(forms.Form):
    """One choice per notice that people may be sent."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = dict(user.notification_preferences.values_list("event", "channel"))
        for notice in notices.registry:
            if not notice.urgent:
                self.fields[notice.code] = forms.ChoiceField(
                    label=notice.label,
                    choices=Channel.choices,
                    initial=chosen.get(notice.code, notice.by_default),
                )
