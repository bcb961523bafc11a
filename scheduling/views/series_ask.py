"""Ask for a resource on several dates: what repeats, what can be had on each date, send."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.kinds import kinds
from resources.models import Resource
from scheduling.actions import series
from scheduling.actions.series import Times
from scheduling.addresses import find_address
from scheduling.forms.find import FindForm
from scheduling.forms.repeats import ASK, WAIT, name_of
from scheduling.forms.request import REASON
from scheduling.forms.series import SeriesForm
from scheduling.queries.availability import published_offer
from scheduling.queries.home_zone import active_sites
from scheduling.queries.rule_facts import Wish
from scheduling.queries.series import DateOutcome, fits_beside, outcomes
from scheduling.share_modes import default_mode, modes_of
from scheduling.states import Transport
from scheduling.verdicts import finding_rows
from scheduling.views.request_column import HERE_ASKED, RESOURCE
from scheduling.views.series_rows import choices_of, preview_rows, totals


class AsksOnDates(ActionPage):
    """“Check the dates” shows what can be had on each; “Send” asks for what was chosen.

    Subclasses give ``resource``, ``zone`` (the wall on which the dates repeat), ``make_form(data)``
    ``wish(form)``, ``elsewhere(outcome)`` (where a blocked date can be had) and ``back``.
    """

    permission = Permission.ASK
    may_wait = False  # a blocked date can stand in line
    other_units = False

    @property
    def sends(self) -> bool:
        return self.request.POST.get("do") == "send"

    def get_form(self, form_class=None):
        self.resource  # noqa: B018 – not visible: 404 before anything is looked at
        if self.request.method == "POST":
            return self.make_form(self.request.POST)
        return self.make_form(initial=self.get_initial())

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        self._offer(form)
        if self.sends:
            if form.is_valid():
                self._keep_apart(form)
            return self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def _offer(self, form) -> None:
        """A choice for each date, and a field for each reason that will be needed."""
        self.outcomes = self._outcomes(form)
        choices = {
            one.use: choices_of(one, self.zone, waits=self.may_wait) for one in self.outcomes
        }
        form.offer(choices, sent=self.sends)
        warnings = {
            finding.code: finding
            for one in self.outcomes
            if one.free
            for finding in one.findings.warnings
        }
        if self.sends:
            form.ask_reasons(warnings.values())
        else:
            form.show_reasons(warnings)
        self.warnings = warnings

    def _outcomes(self, form) -> list[DateOutcome]:
        return outcomes(
            form.uses,
            wish=self.wish(form),
            institution=self.institution,
            now=self.now,
            site=form.cleaned_data.get("delivery_site"),
            units=self.other_units,
        )

    def perform(self, form) -> str:
        chosen = form.chosen()
        dates = self._asked_for(chosen)
        waiting = [one.times for one in self.outcomes if chosen[one.use.starts_at] == WAIT]
        sent = series.send(
            resource=self.resource,
            borrower=self.institution,
            terms=form.terms(),
            dates=dates,
            waiting=waiting,
            rule=str(form.found or ""),
            by=self.request.user,
            now=self.now,
        )
        self._say(len(dates), len(waiting))
        if sent is None:
            return reverse("scheduling:waitlist", args=[self.institution.slug])
        return reverse("scheduling:series", args=[self.institution.slug, sent.pk])

    def _say(self, asked: int, waiting: int) -> None:
        if asked:
            words = ngettext("Sent: %(n)s date.", "Sent: %(n)s dates.", asked)
            messages.success(self.request, words % {"n": asked})
        if waiting:
            words = ngettext(
                "On the wait-list for %(n)s date.", "On the wait-list for %(n)s dates.", waiting
            )
            messages.success(self.request, words % {"n": waiting})

    def _asked_for(self, chosen: dict[datetime, str]) -> list[Times]:
        """The times of the dates that are asked for, shifted ones included."""
        found = (_times_of(one, chosen[one.use.starts_at]) for one in self.outcomes)
        return [times for times in found if times]

    def _keep_apart(self, form) -> None:
        """An error beside each date that cannot be had together with the others as chosen: one
        time asked for twice is one request, and of one unit no two overlap, buffers included."""
        chosen, asked, kept = form.chosen(), [], []
        units = form.cleaned_data.get("units", 1)
        for one in self.outcomes:
            times = _times_of(one, chosen[one.use.starts_at])
            if times is None:
                continue
            span = one.blocked(times)
            fits = fits_beside(span, kept, units=units, of=self.resource.units)
            if times in asked or not fits:
                form.add_error(name_of(one.use.starts_at), series.DatesTooClose.message)
            asked.append(times)
            kept.append(span)

    def refused(self, form, refusal: Refusal):
        """The dates as they are now, and beside each what stands in its way."""
        if isinstance(refusal, series.DatesRefused):
            self._offer(form)
            for starts_at, why in refusal.refusals.items():
                self._beside(form, starts_at, why)
        return super().refused(form, refusal)

    @staticmethod
    def _beside(form, starts_at: datetime, why: Refusal) -> None:
        name = name_of(starts_at)
        form.add_error(name if name in form.fields else None, why.message)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        found = getattr(self, "outcomes", [])
        units = form.cleaned_data.get("units", 1) if found else 1
        rows = preview_rows(found, form, self.institution, self.zone, self.elsewhere)
        reasons = [
            finding | {"reason_field": form[REASON + finding["code"]]}
            for finding in finding_rows(list(getattr(self, "warnings", {}).values()))
        ]
        return context | {
            "resource": self.resource,
            "rows": rows,
            "reasons": reasons,
            "totals": totals(found, units, published_offer(self.resource)) if found else {},
            "zone": self.zone,
            "cancel_url": self.back["url"],
            "crumbs": [self.back],
        }


def _times_of(one: DateOutcome, choice: str) -> Times | None:
    """When a date would be by what was chosen for it; None where nothing is asked for."""
    if choice == ASK:
        return one.times
    shifted = (way for way in one.ways if way.starts_at.isoformat() == choice)
    return next(((way.starts_at, way.ends_at) for way in shifted), None)


class SeriesCreate(AsksOnDates):
    """Several dates of what is asked for on the page of one request."""

    template_name = "scheduling/series/ask.html"
    form_class = SeriesForm
    title = gettext_lazy("Book several dates")
    may_wait = other_units = True

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def resource(self) -> Resource:
        found = RESOURCE.instances(institution=self.institution.pk, unit=self.kwargs["pk"])
        ours = found and found[0].institution_id == self.institution.pk
        if not found or ours or kinds[found[0].kind].ask_page != HERE_ASKED:
            raise Http404
        return found[0]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The dates repeat on the wall of the resource's site."""
        return ZoneInfo(self.resource.site.time_zone)

    @cached_property
    def sites(self):
        return active_sites(self.institution)

    def make_form(self, data=None, **kwargs) -> SeriesForm:
        offered = {"sites": self.sites, "modes": modes_of(self.resource), "zone": self.zone}
        return SeriesForm(data, **offered, **kwargs)

    def get_initial(self) -> dict:
        """The times of the address, else tomorrow's; repeated on the weekday of the first."""
        search = FindForm(
            self.request.GET, sites=self.sites, zone=self.zone, now=self.now, categories=[]
        )
        first = FindForm.first_values(self.now)
        if search.is_bound and search.is_valid():
            names = ("starts_at", "ends_at", "units", "priority")
            first = {name: search.cleaned_data[name] for name in names}
        return first | {
            "weekdays": [first["starts_at"].astimezone(self.zone).weekday()],
            "mode": default_mode(self.resource),
            "delivery_site": self.sites[0].pk if self.sites else None,
            "transport": Transport.BORROWER,
        }

    def wish(self, form) -> Wish:
        names = ("starts_at", "ends_at", "units", "mode", "priority")
        values = {name: form.cleaned_data[name] for name in names}
        return Wish(resource=self.resource, borrower=self.institution, **values)

    def elsewhere(self, one: DateOutcome) -> str:
        """The search for other units for this date."""
        times = {"starts_at": one.use.starts_at, "ends_at": one.use.ends_at}
        return find_address(self.institution, self.resource.category, self.zone, **times)

    @property
    def back(self) -> dict:
        args = [self.institution.slug, self.resource.pk]
        return {"label": _("Request"), "url": reverse("scheduling:request-create", args=args)}
