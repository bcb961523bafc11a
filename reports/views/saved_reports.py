"""Pages of the reports that people keep: the list, keeping one, opening, changing, deleting it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from reports.actions import saved_reports
from reports.figure_pages import LONGEST_ADDRESS, tabs_of
from reports.mailed_figures import opens
from reports.models import SavedReport
from reports.queries.saved_reports import is_mailed_to, reports_of, saved_at
from reports.saved_pages import FiltersWrong, address_of, kept_of


class ChangeForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the report"), max_length=60)
    shared = forms.BooleanField(
        label=gettext_lazy("Share with colleagues"),
        required=False,
        help_text=gettext_lazy(
            "They find it in this list and see what their own rights show them."
        ),
    )


class KeepForm(ChangeForm):
    mailed = forms.BooleanField(
        label=gettext_lazy("Mail it to me on the first of every month"), required=False
    )
    address = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_ADDRESS)


class Here:
    """Mixin: at an institution, or in the city's pages where there is none."""

    def url(self, name: str, *args) -> str:
        if self.institution is None:
            return reverse(f"city:{name}", args=args)
        return reverse(f"reports:{name}", args=[self.institution.slug, *args])

    @property
    def list_url(self) -> str:
        return self.url("saved-reports")


class SavedReports(Here, Page):
    template_name = "reports/saved/list.html"

    def get_context_data(self, **kwargs):
        rows = [self._row(row) for row in reports_of(self.request.user, self.institution)]
        tabs = tabs_of(self, keep=False)
        return super().get_context_data(rows=rows, figure_tabs=tabs, **kwargs)

    def _row(self, report: SavedReport) -> dict:
        own = report.user_id == self.request.user.pk
        return {
            "report": report,
            "own": own,
            "url": self.url("saved-report", report.pk),
            "mail_url": self.url("saved-report-mail", report.pk),
            "change_url": self.url("saved-report-change", report.pk) if own else "",
            "delete_url": self.url("saved-report-delete", report.pk) if own else "",
        }


class KeepReport(Here, ActionPage):
    template_name = "reports/saved/form.html"
    title = gettext_lazy("Keep this report")
    submit_label = gettext_lazy("Keep it")
    form_class = KeepForm

    def get_initial(self):
        return {"address": self.request.GET.get("of", "")[:LONGEST_ADDRESS]}

    def get_context_data(self, **kwargs):
        return super().get_context_data(report=None, cancel_url=self.list_url, **kwargs)

    def perform(self, form) -> str:
        values = form.cleaned_data
        slug = self.institution.slug if self.institution else None
        address = values.pop("address")
        kept = kept_of(address, slug)
        if not opens(address, self.request.user.pk):
            raise FiltersWrong
        report = saved_reports.keep(
            institution=self.institution, address=vars(kept), by=self.request.user, now=self.now,
            **values,
        )  # fmt: skip
        messages.success(self.request, _("The report “%(name)s” is kept.") % {"name": report.name})
        return self.list_url


class OneReport(Here, ActionPage):
    """A step with one of one's own; others' are not found."""

    template_name = "reports/saved/form.html"
    form_class = forms.Form
    own = True

    @cached_property
    def report(self) -> SavedReport:
        rows = saved_at(self.institution).read_by(self.request.user)
        if self.own:
            rows = rows.filter(user=self.request.user)
        return get_object_or_404(rows.select_related("institution"), pk=self.kwargs["pk"])

    def dispatch(self, request, *args, **kwargs):
        self.report  # noqa: B018 – not found before anything else is said
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(report=self.report, cancel_url=self.list_url, **kwargs)


class OpenReport(OneReport):
    """Leads to the page as it was kept; what cannot be opened says why, and can be deleted."""

    own = False
    template_name = "reports/saved/gone.html"
    http_method_names = ("get", "head", "options")

    def get(self, request, *args, **kwargs):
        try:
            return HttpResponseRedirect(address_of(self.report))
        except Refusal as refusal:
            context = {
                "why": refusal.message,
                "report": self.report,
                "list_url": self.list_url,
                "delete_url": self.url("saved-report-delete", self.report.pk)
                if self.report.user_id == request.user.pk
                else "",
            }
            return self.render_to_response(context, status=refusal.status)


class ChangeReport(OneReport):
    title = gettext_lazy("Rename or share")
    submit_label = gettext_lazy("Save")
    form_class = ChangeForm

    def get_initial(self):
        return {"name": self.report.name, "shared": self.report.shared}

    def perform(self, form) -> str:
        saved_reports.change(report=self.report, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return self.list_url


class DeleteReport(OneReport):
    title = gettext_lazy("Delete the report")
    submit_label = gettext_lazy("Delete")

    def perform(self, form) -> str:
        saved_reports.forget(report=self.report, by=self.request.user)
        words = _("The report “%(name)s” is deleted.") % {"name": self.report.name}
        messages.success(self.request, words)
        return self.list_url


class MailReport(OneReport):
    """By mail, or no longer: of one's own and of what colleagues share."""

    own = False

    @cached_property
    def mailed(self) -> bool:
        return is_mailed_to(self.request.user, self.report)

    @property
    def title(self) -> str:
        return _("No longer by mail") if self.mailed else _("By mail every month")

    @property
    def submit_label(self) -> str:
        return self.title

    def perform(self, form) -> str:
        saved_reports.have_mailed(
            report=self.report, mailed=not self.mailed, by=self.request.user, now=self.now
        )
        words = _("It is not mailed any more.")
        if not self.mailed:
            words = _("It will be mailed on the first of every month.")
        messages.success(self.request, words)
        return self.list_url


def _at(page, permission: Permission):
    """The same page where this permission is asked."""
    return type(page.__name__, (page,), {"permission": permission, "__module__": __name__})


PAGES = {
    "saved/": (SavedReports, "saved-reports"),
    "saved/new/": (KeepReport, "saved-report-new"),
    "saved/<int:pk>/": (OpenReport, "saved-report"),
    "saved/<int:pk>/change/": (ChangeReport, "saved-report-change"),
    "saved/<int:pk>/mail/": (MailReport, "saved-report-mail"),
    "saved/<int:pk>/delete/": (DeleteReport, "saved-report-delete"),
}
OWN = {at: (_at(page, Permission.VIEW), name) for at, (page, name) in PAGES.items()}
CITY = {at: (_at(page, Permission.CITY_VIEW), name) for at, (page, name) in PAGES.items()}
