"""Keep a filter of the inbox, let the inbox open with it, delete it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from scheduling.actions import saved_filters
from scheduling.forms.decisions import AcceptForm
from scheduling.inbox_filter import only_known
from scheduling.models import SavedFilter

LONGEST = 400
NOTHING = gettext_lazy("Choose a filter first, then keep it.")


class SaveForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the filter"), max_length=40)
    is_default = forms.BooleanField(label=gettext_lazy("Open the inbox with it"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        """What is wrong with the filter is said above the form: its field is hidden."""
        values = super().clean()
        try:
            values["query"] = only_known(values.get("query", ""))
        except ValueError as error:  # too many fields
            raise ValidationError(NOTHING) from error
        if not values["query"] or len(values["query"]) > LONGEST:
            raise ValidationError(NOTHING)
        return values


class SaveFilter(ActionPage):
    permission = Permission.VIEW
    template_name = "scheduling/inbox/save_filter.html"
    title = gettext_lazy("Keep this filter")
    submit_label = gettext_lazy("Keep it")
    form_class = SaveForm

    def get_initial(self):
        return {"query": self.request.GET.urlencode()[:LONGEST]}

    def get_context_data(self, **kwargs):
        inbox_url = reverse("scheduling:inbox", args=[self.institution.slug])
        return super().get_context_data(cancel_url=inbox_url, **kwargs)

    def perform(self, form) -> str:
        saved = saved_filters.keep(
            institution=self.institution, by=self.request.user, now=self.now, **form.cleaned_data
        )
        messages.success(self.request, _("The filter “%(name)s” is kept.") % {"name": saved.name})
        address = reverse("scheduling:inbox", args=[self.institution.slug])
        return f"{address}?{saved.query}"


class OneFilter(ActionPage):
    """A step with one of one's own filters; others' are not found."""

    permission = Permission.VIEW
    template_name = "scheduling/inbox/save_filter.html"
    form_class = AcceptForm

    @cached_property
    def saved(self) -> SavedFilter:
        mine = SavedFilter.objects.owned_by(self.institution).filter(user=self.request.user)
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        inbox_url = reverse("scheduling:inbox", args=[self.institution.slug])
        return super().get_context_data(saved=self.saved, cancel_url=inbox_url, **kwargs)

    def post(self, request, *args, **kwargs):
        self.saved  # noqa: B018 – not found before anything else is said
        return super().post(request, *args, **kwargs)


class DeleteFilter(OneFilter):
    title = gettext_lazy("Delete the filter")
    submit_label = gettext_lazy("Delete")

    def perform(self, form) -> str:
        saved_filters.forget(saved=self.saved, by=self.request.user)
        words = _("The filter “%(name)s” is deleted.") % {"name": self.saved.name}
        messages.success(self.request, words)
        return f"{reverse('scheduling:inbox', args=[self.institution.slug])}?tab=waiting"


class DefaultFilter(OneFilter):
    """The inbox opens with it, or no longer."""

    title = gettext_lazy("Open the inbox with it")
    submit_label = gettext_lazy("Yes")

    def perform(self, form) -> str:
        now_default = not self.saved.is_default
        saved_filters.choose(saved=self.saved, is_default=now_default, by=self.request.user)
        address = reverse("scheduling:inbox", args=[self.institution.slug])
        return f"{address}?{self.saved.query if now_default else 'tab=waiting'}"
