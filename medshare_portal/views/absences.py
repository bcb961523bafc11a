"""Out of office at an institution: who is away, one more, back early."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.actions import absences
from medshare_portal.forms.absences import AbsenceForm
from medshare_portal.middleware.institution import NotAllowed
from medshare_portal.models import Absence
from medshare_portal.queries_absences import colleagues, coming
from medshare_portal.roles import Permission, permissions_of
from medshare_portal.views.pages import ActionPage, Page

PER_PAGE = 50


class OfAbsences:
    """What the pages share: whether the reader may enter and end absences of others."""

    permission = Permission.VIEW

    @cached_property
    def for_others(self) -> bool:
        return Permission.NAME_DEPUTY in permissions_of(self.request.membership.own)

    @property
    def list_url(self) -> str:
        return reverse("portal:absences", args=[self.institution.slug])

    def crumbs(self) -> list[dict]:
        return [{"label": _("Out of office"), "url": self.list_url}]


class AbsenceList(OfAbsences, Page):
    """Everybody reads who is away and who stands in; a note is for those two."""

    template_name = "portal/absences.html"

    def get_context_data(self, **kwargs):
        rows = coming(self.institution, self.now)
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        entries = [self._entry(row) for row in page]
        return super().get_context_data(page=page, entries=entries, **kwargs)

    def _entry(self, row) -> dict:
        mine = self.request.user.pk in (row.user_id, row.deputy_id)
        return {
            "absence": row,
            "running": row.starts_at <= self.now,
            "note": row.note if mine or self.for_others else "",
            "may_end": mine or self.for_others,
        }


class AbsenceEnter(OfAbsences, ActionPage):
    """The own absence, or with the right that of a colleague."""

    form_class = AbsenceForm
    title = gettext_lazy("Enter an absence")
    submit_label = gettext_lazy("Enter it and tell the deputy")

    def get_form_kwargs(self):
        people = colleagues(self.institution)
        return super().get_form_kwargs() | {"colleagues": people, "others": self.for_others}

    def get_initial(self):
        return {"user": self.request.user.pk}

    def get_context_data(self, **kwargs):
        intro = _("On these days the deputy decides in your place, and also gets your e-mails.")
        return super().get_context_data(
            intro=intro, crumbs=self.crumbs(), cancel_url=self.list_url, **kwargs
        )

    def perform(self, form) -> str:
        values = {"user": self.request.user} | form.cleaned_data
        absence = absences.enter(
            institution=self.institution, by=self.request.user, now=self.now, **values
        )
        words = _("%(deputy)s stands in for %(person)s and has been told.")
        names = {"deputy": absence.deputy, "person": absence.user}
        messages.success(self.request, words % names)
        return self.list_url


class AbsenceEnd(OfAbsences, ActionPage):
    """Back early."""

    template_name = "generic/confirm.html"
    form_class = Form
    title = gettext_lazy("End an absence")
    submit_label = gettext_lazy("End it now")

    def dispatch(self, request, *args, **kwargs):
        absence = self.absence
        if not self.for_others and request.user.pk not in (absence.user_id, absence.deputy_id):
            raise NotAllowed(Permission.NAME_DEPUTY, self.institution)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def absence(self):
        rows = Absence.objects.owned_by(self.institution)
        related = rows.select_related("user", "deputy", "institution")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        names = {"person": self.absence.user, "deputy": self.absence.deputy}
        question = _("%(deputy)s will no longer stand in for %(person)s.") % names
        return super().get_context_data(
            question=question, crumbs=self.crumbs(), cancel_url=self.list_url, **kwargs
        )

    def perform(self, form) -> str:
        absences.end(absence=self.absence, by=self.request.user, now=self.now)
        messages.success(self.request, _("The absence is ended; both have been told."))
        return self.list_url
