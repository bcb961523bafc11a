"""Enter and take away a person's credentials, practice bases and indemnities."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.forms.plain import NothingForm
from resources.kinds.staff.actions import papers
from resources.kinds.staff.forms.papers import BasisForm, CredentialForm, IndemnityForm, PaperForm
from resources.kinds.staff.views.of_person import OfPerson
from resources.models import Credential, Indemnity, PracticeBasis
from resources.views.offers import find


@dataclass(frozen=True)
class Sort:
    """A sort of paper: its table, its form, and what the page that enters one is called."""

    model: type
    form: type[PaperForm]
    title: Promise


SORTS = {
    "credential": Sort(Credential, CredentialForm, gettext_lazy("Add a credential")),
    "basis": Sort(PracticeBasis, BasisForm, gettext_lazy("Add a practice basis")),
    "indemnity": Sort(Indemnity, IndemnityForm, gettext_lazy("Add an indemnity")),
}


class OfSort:
    """The sort of paper in the address."""

    @property
    def sort(self) -> Sort:
        if self.kwargs["sort"] not in SORTS:
            raise Http404
        return SORTS[self.kwargs["sort"]]


class PaperAdd(OfSort, OfPerson, ActionPage):
    submit_label = gettext_lazy("Save")

    @property
    def title(self):
        return self.sort.title

    def get_form_class(self):
        return self.sort.form

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"institution": self.institution, "today": self.today}

    def perform(self, form) -> str:
        papers.add(
            resource=self.person,
            model=self.sort.model,
            values=form.cleaned_data,
            by=self.request.user,
            now=self.now,
        )
        messages.success(self.request, _("Saved."))
        return self.address()


class PaperRemove(OfSort, ActionPage):
    permission = Permission.EDIT_RESOURCE
    of_kind = "staff"
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Remove a paper")
    submit_label = gettext_lazy("Remove it")

    @cached_property
    def paper(self):
        rows = self.sort.model.objects.owned_by(self.institution)
        return find(rows.select_related("resource", "institution"), pk=self.kwargs["pk"])

    @property
    def person_url(self) -> str:
        return reverse(
            "resources:resource-detail", args=[self.institution.slug, self.paper.resource_id]
        )

    def get_context_data(self, **kwargs):
        question = _("Remove “%(paper)s” of %(badge)s?") % {
            "paper": self.paper._meta.verbose_name,
            "badge": self.paper.resource.code,
        }
        return super().get_context_data(
            question=question,
            consequences=[_("Shifts that are booked on it are put on hold by the next check.")],
            danger=True,
            cancel_url=self.person_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        address = self.person_url
        papers.remove(paper=self.paper, by=self.request.user, now=self.now)
        messages.success(self.request, _("It is removed."))
        return address
