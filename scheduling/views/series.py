"""A series that was sent: the state of each date, and what either side does with them."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, AtInstitution, Page
from scheduling.actions import series as actions
from scheduling.actions import series_changes, series_use
from scheduling.forms.decisions import AcceptForm
from scheduling.forms.series_steps import (
    EVERY,
    FOLLOWING,
    AnswerDatesForm,
    CallOffForm,
    HoursForm,
)
from scheduling.models import Series, SharingRequest
from scheduling.queries.series import dates_of, findings_of, holders_of
from scheduling.recurrence import Hours
from scheduling.series_words import repeats
from scheduling.states import State
from scheduling.views.request_page import RequestAction
from scheduling.views.series_rows import date_rows


class OneSeries(AtInstitution):
    """The series of the address, for either side."""

    @property
    def of_kind(self) -> str:
        return self.series.kind

    @cached_property
    def series(self) -> Series:
        rows = Series.objects.concerning(self.institution)
        related = rows.select_related("resource__site", "owner", "borrower", "created_by")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    @property
    def ours(self) -> bool:
        """Whether we are the owner."""
        return self.series.owner_id == self.institution.pk

    @property
    def series_url(self) -> str:
        return reverse("scheduling:series", args=[self.institution.slug, self.series.pk])

    @cached_property
    def dates(self) -> list[SharingRequest]:
        return dates_of(self.series)

    @cached_property
    def waiting(self) -> list[int]:
        return [row.pk for row in self.dates if row.state == State.REQUESTED]

    def get_context_data(self, **kwargs):
        page, label = ("lending", _("We lend")) if self.ours else ("borrowing", _("We borrow"))
        back = reverse(f"scheduling:{page}", args=[self.institution.slug])
        context = {
            "series": self.series,
            "ours": self.ours,
            "zone": self.series.resource.site.time_zone,
            "repeats": repeats(self.series.rule),
            "rows": self._rows(),
            "may_ask": not self.ours and self.may(Permission.ASK),
            "crumbs": [{"label": label, "url": back}],
            "cancel_url": self.series_url,
        }
        return super().get_context_data(**context | kwargs)

    def _rows(self):
        found = findings_of(self.dates, now=self.now) if self.ours else {}
        holders = holders_of(self.dates, self.institution) if self.ours else {}
        return date_rows(self.dates, found, holders, institution=self.institution, now=self.now)


class SeriesDetail(OneSeries, Page):
    permission = Permission.VIEW
    template_name = "scheduling/series/detail.html"

    def get_context_data(self, **kwargs):
        decides = self.ours and bool(self.waiting) and self.may(Permission.DECIDE)
        form = answer_form(self) if decides else None
        return super().get_context_data(form=form, **kwargs)


def answer_form(page: OneSeries, data=None) -> AnswerDatesForm:
    return AnswerDatesForm(data, waiting=page.waiting)


class SeriesAnswer(OneSeries, ActionPage):
    """The owner approves the ticked dates; the rest waits or is declined."""

    permission = Permission.DECIDE
    template_name = "scheduling/series/detail.html"
    title = gettext_lazy("Decide the dates")

    @cached_property
    def series(self) -> Series:
        rows = Series.objects.owned_by(self.institution)
        related = rows.select_related("resource__site", "owner", "borrower", "created_by")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    def get_form(self, form_class=None):
        return answer_form(self, self.request.POST if self.request.method == "POST" else None)

    def perform(self, form) -> str:
        values = form.cleaned_data
        found = actions.answer(
            series=self.series,
            approve=values["pk"],
            decline=form.declined(),
            reason_code=values["reason_code"],
            text=values["text"],
            by=self.request.user,
            now=self.now,
        )
        if found.failed and not found.approved and not found.declined:
            raise found.failed[0][1]
        self._say(found)
        return self.series_url

    def _say(self, found: actions.Answered) -> None:
        if found.approved:
            words = ngettext("%(n)s date approved.", "%(n)s dates approved.", len(found.approved))
            messages.success(self.request, words % {"n": len(found.approved)})
        if found.declined:
            words = ngettext("%(n)s date declined.", "%(n)s dates declined.", len(found.declined))
            messages.success(self.request, words % {"n": len(found.declined)})
        for row, refusal in found.failed:
            messages.error(self.request, f"{row.reference}: {refusal}")


class SeriesConfirm(OneSeries, ActionPage):
    """“Still needed”, one click of anybody who may ask there."""

    permission = Permission.ASK
    form_class = AcceptForm
    title = gettext_lazy("Still needed?")
    submit_label = gettext_lazy("Still needed")

    @cached_property
    def series(self) -> Series:
        rows = Series.objects.borrowed_by(self.institution)
        related = rows.select_related("resource__site", "owner", "borrower", "created_by")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    def perform(self, form) -> str:
        series_use.confirm(series=self.series, by=self.request.user, now=self.now)
        messages.success(self.request, _("Thank you: the dates stay as they are."))
        return self.series_url


class OfDate(RequestAction):
    """A step that starts from one date of a series of ours."""

    permission = Permission.ASK
    template_name = "generic/form.html"

    @cached_property
    def sharing_request(self) -> SharingRequest:
        rows = SharingRequest.objects.borrowed_by(self.institution).filter(series__isnull=False)
        related = rows.select_related(
            "resource__site", "owner", "borrower", "series__owner", "series__borrower"
        )
        return get_object_or_404(related, pk=self.kwargs["pk"])

    @property
    def series_url(self) -> str:
        slug = self.institution.slug
        return reverse("scheduling:series", args=[slug, self.sharing_request.series_id])

    def refused(self, form, refusal: Refusal):
        """Each date that cannot be had is named."""
        if isinstance(refusal, actions.DatesRefused):
            zone = ZoneInfo(self.sharing_request.resource.site.time_zone)
            for starts_at, why in sorted(refusal.refusals.items()):
                form.add_error(None, f"{starts_at.astimezone(zone):%Y-%m-%d}: {why.message}")
        return super().refused(form, refusal)

    def get_context_data(self, **kwargs):
        crumbs = [{"label": self.sharing_request.series.reference, "url": self.series_url}]
        return super().get_context_data(cancel_url=self.series_url, crumbs=crumbs, **kwargs)


class SeriesHours(OfDate):
    form_class = HoursForm
    title = gettext_lazy("Other hours")
    submit_label = gettext_lazy("Change the hours")

    def get_initial(self):
        zone = ZoneInfo(self.sharing_request.resource.site.time_zone)
        first, last = (
            moment.astimezone(zone)
            for moment in (self.sharing_request.starts_at, self.sharing_request.ends_at)
        )
        later = (last.date() - first.date()).days
        return {"starts": first.time(), "ends": last.time(), "days_later": later}

    def perform(self, form) -> str:
        values = form.cleaned_data
        changed = series_changes.change_hours(
            series=self.sharing_request.series,
            first=self.sharing_request,
            following=values["scope"] == FOLLOWING,
            hours=Hours(
                starts=values["starts"], ends=values["ends"], days_later=values["days_later"]
            ),
            text=values["text"],
            by=self.request.user,
            now=self.now,
        )
        words = ngettext("%(n)s date changed.", "%(n)s dates changed.", len(changed))
        messages.success(self.request, words % {"n": len(changed)})
        return self.series_url


class SeriesCallOff(OfDate):
    form_class = CallOffForm
    title = gettext_lazy("No longer needed")
    submit_label = gettext_lazy("Give the dates back")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kind": self.of_kind}

    def perform(self, form) -> str:
        values = form.cleaned_data
        gone = series_changes.call_off(
            series=self.sharing_request.series,
            first=None if values["scope"] == EVERY else self.sharing_request,
            following=values["scope"] == FOLLOWING,
            reason_code=values["reason_code"],
            text=values["text"],
            by=self.request.user,
            now=self.now,
        )
        words = ngettext("%(n)s date given back.", "%(n)s dates given back.", len(gone))
        messages.success(self.request, words % {"n": len(gone)})
        return self.series_url


class SeriesOfRequest(Page):
    """From a request to the series of which it is a date."""

    permission = Permission.VIEW

    def get(self, request, *args, **kwargs):
        rows = SharingRequest.objects.concerning(self.institution).filter(series__isnull=False)
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        address = reverse("scheduling:series", args=[self.institution.slug, found.series_id])
        return HttpResponseRedirect(address)
