"""From the page of a step at the device: pass it to a colleague."""

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.models import User
from medshare_portal.roles import Permission
from scheduling.actions import passing
from scheduling.kinds import kinds
from scheduling.views.request_page import RequestAction


class PassForm(forms.Form):
    colleague = forms.ModelChoiceField(
        label=gettext_lazy("Colleague"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Gets a message with the page of this step."),
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues


class PassOn(RequestAction):
    of_times = True
    permission = Permission.HAND_OVER
    form_class = PassForm
    title = gettext_lazy("Pass it to a colleague")
    submit_label = gettext_lazy("Tell the colleague")

    def dispatch(self, request, *args, **kwargs):
        """A kind whose steps have pages of their own has no such page."""
        if kinds[self.sharing_request.kind].pages.get("hand_over"):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        people = passing.colleagues_for(self.sharing_request, self.institution)
        others = people.exclude(pk=self.request.user.pk)
        return super().get_form_kwargs() | {"colleagues": others}

    def perform(self, form) -> str:
        passing.pass_on(
            sharing_request=self.sharing_request,
            institution=self.institution,
            colleague=form.cleaned_data["colleague"],
            by=self.request.user,
            now=self.now,
        )
        words = _("%(name)s has been told where the step is.")
        return self.succeeded(words % {"name": form.cleaned_data["colleague"]})
