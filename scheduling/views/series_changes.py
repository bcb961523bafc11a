"""What changes a series that was sent: other hours or weekday, no longer needed, called off."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.local_times import describe_period
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from scheduling.actions import series as actions
from scheduling.actions import series_changes, series_recall
from scheduling.forms.series_steps import EVERY, FOLLOWING, CallOffForm, HoursForm, RecallForm
from scheduling.kinds import zone_of
from scheduling.models import SharingRequest
from scheduling.queries.series_plan import PlannedChange, planned_changes
from scheduling.states import Side, State
from scheduling.verdicts import finding_rows
from scheduling.views.request_page import RequestAction
from scheduling.views.series import SeriesAction
from scheduling.views.series_rows import verdict_words


class OfDate(RequestAction):
    """A step that starts from one date of a series of ours."""

    permission = Permission.ASK
    template_name = "generic/form.html"

    @cached_property
    def sharing_request(self) -> SharingRequest:
        rows = SharingRequest.objects.borrowed_by(self.institution).filter(series__isnull=False)
        related = rows.select_related(
            "resource__site",
            "delivery_site",
            "owner",
            "borrower",
            "series__owner",
            "series__borrower",
        )
        return get_object_or_404(related, pk=self.kwargs["pk"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(zone_of(self.sharing_request))

    @property
    def series_url(self) -> str:
        slug = self.institution.slug
        return reverse("scheduling:series", args=[slug, self.sharing_request.series_id])

    def refused(self, form, refusal: Refusal):
        """Each date that cannot be had is named."""
        if isinstance(refusal, actions.DatesRefused):
            for starts_at, why in sorted(refusal.refusals.items()):
                form.add_error(None, f"{starts_at.astimezone(self.zone):%Y-%m-%d}: {why.message}")
        return super().refused(form, refusal)

    def get_context_data(self, **kwargs):
        crumbs = [{"label": self.sharing_request.series.reference, "url": self.series_url}]
        return super().get_context_data(
            cancel_url=self.series_url, crumbs=crumbs, intro=self._date, **kwargs
        )

    @property
    def _date(self) -> str:
        """What and when: the pages speak of “this date”."""
        date = self.sharing_request
        when = describe_period(date.starts_at, date.ends_at, tz=self.zone)
        return f"{date.resource.name} · {date.resource.code} · {when}"


class SeriesHours(OfDate):
    """“Check the dates” shows what the change does to each; “Change” does it, to all or none."""

    form_class = HoursForm
    template_name = "scheduling/series/hours.html"
    title = gettext_lazy("Other hours")
    submit_label = gettext_lazy("Change the hours")
    plans: list[PlannedChange] | tuple = ()

    def get_initial(self):
        first, last = (
            moment.astimezone(self.zone)
            for moment in (self.sharing_request.starts_at, self.sharing_request.ends_at)
        )
        later = (last.date() - first.date()).days
        return {"starts": first.time(), "ends": last.time(), "days_later": later}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        self._plan(form)
        if request.POST.get("do") == "check":
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def _plan(self, form) -> None:
        """What each date would become; a field for each reason that a new warning asks for."""
        self.plans = planned_changes(
            self.sharing_request.series,
            self.sharing_request,
            following=form.cleaned_data["scope"] == FOLLOWING,
            hours=form.hours(),
            weekday=form.cleaned_data["weekday"],
            now=self.now,
        )
        warned = {one.code: one for plan in self.plans for one in plan.new_warnings}
        sent = self.request.POST.get("do") != "check"
        form.ask_reasons(warned.values(), sent=sent)
        if sent and any(plan.crowded for plan in self.plans):
            form.add_error(None, actions.DatesTooClose.message)

    def perform(self, form) -> str:
        values = form.cleaned_data
        changed = series_changes.change_hours(
            series=self.sharing_request.series,
            first=self.sharing_request,
            following=values["scope"] == FOLLOWING,
            hours=form.hours(),
            weekday=values["weekday"],
            text=values["text"],
            accepted=form.accepted(),
            by=self.request.user,
            now=self.now,
        )
        words = ngettext("%(n)s date changed.", "%(n)s dates changed.", len(changed))
        messages.success(self.request, words % {"n": len(changed)})
        return self.series_url

    def get_context_data(self, **kwargs):
        rows = [self._row(plan) for plan in self.plans]
        return super().get_context_data(rows=rows, **kwargs)

    def _row(self, plan: PlannedChange) -> dict:
        request = plan.request
        return {
            "reference": request.reference,
            "before": describe_period(request.starts_at, request.ends_at, tz=self.zone),
            "after": describe_period(*plan.times, tz=self.zone),
            "verdict": "bad" if plan.crowded else plan.findings.verdict,
            "words": _("Too close to another date")
            if plan.crowded
            else verdict_words(plan.findings),
            "findings": finding_rows(plan.findings),
            "waits": request.state == State.REQUESTED and plan.stays_booked,
            "stays_booked": plan.stays_booked,
        }


class SeriesCallOff(OfDate):
    form_class = CallOffForm
    title = gettext_lazy("No longer needed")
    submit_label = gettext_lazy("Give the dates back")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kind": self.of_kind, "side": Side.BORROWER}

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


class SeriesRecall(SeriesAction):
    """The owner calls off all dates to come, with the notice that the offer promised."""

    permission = Permission.DECIDE
    side = Side.OWNER
    template_name = "scheduling/series/recall.html"
    form_class = RecallForm
    title = gettext_lazy("Call off the series")
    submit_label = gettext_lazy("Call off all dates to come")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kind": self.of_kind, "side": self.side}

    def perform(self, form) -> str:
        found = series_recall.recall(
            series=self.series, by=self.request.user, now=self.now, **form.cleaned_data
        )
        words = ngettext("%(n)s date called off.", "%(n)s dates called off.", len(found.ended))
        messages.success(self.request, words % {"n": len(found.ended)})
        for row in found.kept:
            when = describe_period(row.starts_at, row.ends_at, tz=ZoneInfo(self.zone_name))
            messages.warning(
                self.request,
                _("%(when)s stays: it starts within the promised notice.") % {"when": when},
            )
        return self.series_url

    def get_context_data(self, **kwargs):
        ends, stays = series_recall.split(self.dates, now=self.now)
        return super().get_context_data(ends=ends, stays=stays, **kwargs)
