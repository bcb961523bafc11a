"""A series that was sent: the state of each date, and what either side does with them."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.findings import Findings
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, AtInstitution, Page
from scheduling.actions import series as actions
from scheduling.actions import series_use
from scheduling.forms.decisions import AcceptForm
from scheduling.forms.series_steps import AnswerDatesForm
from scheduling.kinds import kinds, zone_of
from scheduling.models import Series, SharingRequest
from scheduling.queries.series import OFF, dates_of, findings_of, holders_of, waiting_dates
from scheduling.queries.series_consents import owners_answer, waiting_consents
from scheduling.series_words import repeats
from scheduling.states import Side, State
from scheduling.views.series_rows import DateRow, date_rows, open_warnings


class OneSeries(AtInstitution):
    """The series of the address; ``side`` limits who finds it, others get 404."""

    side: Side | None = None

    @property
    def of_kind(self) -> str:
        return self.series.kind

    @cached_property
    def series(self) -> Series:
        scope = {
            Side.OWNER: Series.objects.owned_by,
            Side.BORROWER: Series.objects.borrowed_by,
            None: Series.objects.concerning,
        }[self.side]
        rows = scope(self.institution)
        related = rows.select_related("resource__site", "owner", "borrower", "created_by")
        return get_object_or_404(related, pk=self.kwargs["pk"])

    @property
    def ours(self) -> bool:
        """Whether we are the owner."""
        return self.series.owner_id == self.institution.pk

    @property
    def series_url(self) -> str:
        return reverse("scheduling:series", args=[self.institution.slug, self.series.pk])

    @property
    def zone_name(self) -> str:
        """A shift is at its host's site, by the clock there."""
        return zone_of(self.dates[0]) if self.dates else self.series.resource.site.time_zone

    @cached_property
    def dates(self) -> list[SharingRequest]:
        return dates_of(self.series)

    @cached_property
    def undecided(self) -> dict[int, SharingRequest]:
        """Dates that wait for the owner, by key."""
        ours = owners_answer(self.series.kind)
        return {
            row.pk: row
            for row in self.dates
            if row.state == State.REQUESTED
            and (not ours or ours & self.consents.get(row.pk, set()))
        }

    @cached_property
    def consents(self) -> dict[int, set[str]]:
        return waiting_consents(self.series)

    @property
    def waiting(self) -> list[int]:
        return list(self.undecided)

    def get_context_data(self, **kwargs):
        page, label = ("lending", _("We lend")) if self.ours else ("borrowing", _("We borrow"))
        back = reverse(f"scheduling:{page}", args=[self.institution.slug])
        context = {
            "series": self.series,
            "ours": self.ours,
            "zone": self.zone_name,
            "repeats": repeats(self.series.rule),
            "first": self.dates[0] if self.dates else None,
            "off": sum(row.state in OFF for row in self.dates),
            "standing": sum(row.state not in OFF for row in self.dates),
            "to_come": [row for row in self.dates if row.starts_at > self.now],
            "may_ask": not self.ours and self.may(Permission.ASK),
            "host_answers": self._host_answers(),
            "may_recall": self.ours and self.may(Permission.DECIDE),
            "crumbs": [{"label": label, "url": back}],
            "cancel_url": self.series_url,
        }
        return super().get_context_data(**context | kwargs)

    def _host_answers(self) -> str:
        """The page on which the borrower gives its consent to all dates; empty while none waits."""
        parts = {
            part.code: part
            for part in kinds[self.series.kind].sign_offs
            if part.side == Side.BORROWER and part.series_page
        }
        waiting = {
            code
            for row in self.dates
            if row.state == State.REQUESTED
            for code in self.consents.get(row.pk, ())
        }
        for code in parts.keys() & waiting:
            if not self.ours and self.may(parts[code].permission):
                args = [self.institution.slug, self.series.pk]
                return reverse(f"scheduling:{parts[code].series_page}", args=args)
        return ""

    @cached_property
    def findings(self) -> dict[int, Findings]:
        """What the rules say of the undecided dates, for the owner."""
        return findings_of(self.undecided.values(), now=self.now) if self.ours else {}

    def rows(self, ticked: set[int] | None = None) -> list[DateRow]:
        """``ticked``: the boxes as sent; without them those that nothing speaks against."""
        return date_rows(
            self.dates,
            self.findings,
            holders_of(self.dates, self.institution) if self.ours else {},
            consents=self.consents,
            ticked=ticked,
            institution=self.institution,
            now=self.now,
        )


class SeriesAction(OneSeries, ActionPage):
    """A step of one side with the series as a whole."""


class SeriesDetail(OneSeries, Page):
    permission = Permission.VIEW
    template_name = "scheduling/series/detail.html"

    def get_context_data(self, **kwargs):
        decides = self.ours and bool(self.waiting) and self.may(Permission.DECIDE)
        form = answer_form(self) if decides else None
        waiting = [] if self.ours else waiting_dates(self.series)
        return super().get_context_data(form=form, rows=self.rows(), waiting=waiting, **kwargs)


def answer_form(page: OneSeries, data=None) -> AnswerDatesForm:
    warned = {pk: open_warnings(row, page.findings) for pk, row in page.undecided.items()}
    return AnswerDatesForm(data, waiting=page.waiting, warned=warned, kind=page.series.kind)


class SeriesAnswer(SeriesAction):
    """The owner approves the ticked dates; the rest waits or is declined."""

    side = Side.OWNER
    permission = Permission.DECIDE
    template_name = "scheduling/series/detail.html"
    title = gettext_lazy("Decide the dates")

    def get_form(self, form_class=None):
        return answer_form(self, self.request.POST if self.request.method == "POST" else None)

    def perform(self, form) -> str:
        values = form.cleaned_data
        found = actions.answer(
            series=self.series,
            approve=values["pk"],
            decline=form.declined(),
            versions=form.versions(),
            accepted=form.accepted(),
            reason_code=values["reason_code"],
            text=values["text"],
            by=self.request.user,
            now=self.now,
        )
        if found.failed and not found.approved and not found.declined:
            raise found.failed[0][1]
        self._say(found)
        return self.series_url

    def get_context_data(self, **kwargs):
        """The boxes stay as they were sent."""
        ticked = kwargs["form"].ticked() if self.request.method == "POST" else None
        return super().get_context_data(rows=self.rows(ticked), **kwargs)

    def _say(self, found: actions.Answered) -> None:
        if found.approved:
            number = len(found.approved)
            words = ngettext("%(n)s date approved.", "%(n)s dates approved.", number)
            if owners_answer(self.series.kind):  # one consent of several
                words = ngettext(
                    "Agreed for %(n)s date; it is booked once all have agreed.",
                    "Agreed for %(n)s dates; each is booked once all have agreed.",
                    number,
                )
            messages.success(self.request, words % {"n": number})
        if found.declined:
            words = ngettext("%(n)s date declined.", "%(n)s dates declined.", len(found.declined))
            messages.success(self.request, words % {"n": len(found.declined)})
        for row, refusal in found.failed:
            messages.error(self.request, f"{row.reference}: {refusal}")


class SeriesConfirm(SeriesAction):
    """“Still needed”, one click of anybody who may ask there."""

    side = Side.BORROWER
    permission = Permission.ASK
    form_class = AcceptForm
    title = gettext_lazy("Still needed?")
    submit_label = gettext_lazy("Still needed")

    def perform(self, form) -> str:
        series_use.confirm(series=self.series, by=self.request.user, now=self.now)
        messages.success(self.request, _("Thank you: the dates stay as they are."))
        return self.series_url


class SeriesOfRequest(Page):
    """From a request to the series of which it is a date."""

    permission = Permission.VIEW

    def get(self, request, *args, **kwargs):
        rows = SharingRequest.objects.concerning(self.institution).filter(series__isnull=False)
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        address = reverse("scheduling:series", args=[self.institution.slug, found.series_id])
        return HttpResponseRedirect(address)
