"""A person for several shifts: invite for all, and answer for all as the host."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.forms.moments import written
from medshare_portal.roles import Permission
from scheduling.kinds.staff.actions import consents
from scheduling.kinds.staff.forms.attendance import ConsentForm
from scheduling.kinds.staff.forms.need import first_values
from scheduling.kinds.staff.forms.series import ShiftSeriesForm
from scheduling.kinds.staff.parts import HOST
from scheduling.kinds.staff.views.need import OfPerson
from scheduling.models import Series
from scheduling.queries.rule_facts import Wish
from scheduling.queries.series import DateOutcome
from scheduling.queries.series_consents import waiting_consents
from scheduling.states import Side
from scheduling.views.series import SeriesAction
from scheduling.views.series_ask import AsksOnDates


class InviteSeries(OfPerson, AsksOnDates):
    """“Every Tuesday night”: each date is judged with the earlier ones."""

    of_kind = "staff"
    template_name = "scheduling/staff/series.html"
    title = gettext_lazy("Invite for several shifts")
    may_wait = True

    def make_form(self, data=None, **kwargs) -> ShiftSeriesForm:
        return ShiftSeriesForm(data, **self.form_values, **kwargs)

    def get_initial(self) -> dict:
        """The shift of the address, else tonight's, repeated on the weekday of the first."""
        local = self.now.astimezone(self.zone)
        first = first_values(local, self.sites)
        given = self.make_form(self.request.GET) if "starts_at" in self.request.GET else None
        if given is not None:
            given.is_valid()
            read = getattr(given, "cleaned_data", {})
            first |= {name: read[name] for name in ("starts_at", "ends_at") if read.get(name)}
            first |= {
                name: self.request.GET[name]
                for name in ("specialty", "break_minutes", "site", "ward", "priority")
                if self.request.GET.get(name)
            }
            first["competencies"] = self.request.GET.getlist("competencies")
        return first | {"weekdays": [first["starts_at"].astimezone(self.zone).weekday()]}

    def wish(self, form) -> Wish:
        values = form.cleaned_data
        return Wish(
            resource=self.resource,
            borrower=self.institution,
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            priority=values["priority"],
            asked=form.beside(),
        )

    def elsewhere(self, one: DateOutcome) -> str:
        """Who else could come then."""
        need = reverse("scheduling:staff-need", args=[self.institution.slug])
        values = {
            "profession": self.resource.category.slug,
            "starts_at": written(one.use.starts_at, self.zone),
            "ends_at": written(one.use.ends_at, self.zone),
        }
        names = ("specialty", "break_minutes", "site", "ward", "competencies")
        values |= {name: self.request.POST.getlist(name) for name in names}
        return f"{need}?{urlencode(values, doseq=True)}"

    @property
    def back(self) -> dict:
        args = [self.institution.slug, self.resource.pk]
        url = reverse("scheduling:staff-invite", args=args)
        return {"label": _("Invite for a shift"), "url": f"{url}?{self.request.GET.urlencode()}"}


class SeriesCredentialing(SeriesAction):
    """The host's credentialing says yes or no to all dates of a series that wait for it."""

    of_kind = "staff"
    permission = Permission.DECIDE
    side = Side.BORROWER
    template_name = "scheduling/staff/series_credentialing.html"
    form_class = ConsentForm
    title = gettext_lazy("Credentialing by the host")
    submit_label = gettext_lazy("Send the answer for all dates")

    @cached_property
    def series(self) -> Series:
        found = super().series
        if found.kind != self.of_kind:
            raise Http404
        return found

    def perform(self, form) -> str:
        found = consents.answer_all(
            series=self.series,
            part=HOST,
            agree=form.cleaned_data["answer"] == "yes",
            text=form.cleaned_data["text"],
            by=self.request.user,
            now=self.now,
        )
        words = ngettext("Answered for %(n)s date.", "Answered for %(n)s dates.", found.number)
        messages.success(self.request, words % {"n": found.number})
        for row, refusal in found.failed:
            messages.error(self.request, f"{row.reference}: {refusal}")
        return self.series_url

    def get_context_data(self, **kwargs):
        waiting = waiting_consents(self.series)
        asked = [row for row in self.dates if HOST in waiting.get(row.pk, ())]
        return super().get_context_data(asked=asked, **kwargs)
