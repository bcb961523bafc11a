"""A person's own data, roles and e-mail choices."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medshare_portal.actions.accounts import change_profile, set_preferences
from medshare_portal.forms.profile import PreferencesForm, ProfileForm
from medshare_portal.models import User
from medshare_portal.own_pages import own_pages
from medshare_portal.views.pages import ActionPage


class Profile(ActionPage):
    template_name = "account/profile.html"
    form_class = ProfileForm
    title = _("Profile and preferences")
    submit_label = _("Save")

    def get_form_kwargs(self):
        stored = User.objects.get(pk=self.request.user.pk)
        return super().get_form_kwargs() | {"instance": stored}

    def get_context_data(self, **kwargs):
        roles = self.request.user.role_assignments.select_related("role_group__institution")
        places = [row.institution for row in self.request.memberships if row.institution]
        return super().get_context_data(
            places=[place for place in places if place.status == place.Status.ACTIVE],
            roles=roles.order_by("valid_until", "pk"),
            own=own_pages(self.request.user),
            **kwargs,
        )

    def perform(self, form) -> str:
        change_profile(
            user=self.request.user,
            values=form.values(),
            password=form.cleaned_data["password"],
            now=self.now,
        )
        messages.success(self.request, _("Saved."))
        return reverse("profile")


class Preferences(ActionPage):
    template_name = "account/preferences.html"
    form_class = PreferencesForm
    title = _("E-mails that I get")
    submit_label = _("Save")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def perform(self, form) -> str:
        set_preferences(user=self.request.user, channels=form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return reverse("notification-preferences")
