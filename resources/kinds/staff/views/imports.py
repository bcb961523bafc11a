"""Rosters and calendars: first a list to look at, then all of it or none."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_period
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.kinds.staff.actions import shifts
from resources.kinds.staff.forms.shifts import (
    ConfirmShiftsForm,
    RosterFileForm,
    ShiftCalendarForm,
    ShiftRow,
    sign,
)
from resources.kinds.staff.queries.shifts import DryRun, own_people, try_calendar, try_roster
from resources.kinds.staff.views.of_person import OfPerson

SHOWN = 100


class ShowsDryRun:
    """Nothing is written here, so a dry run needs neither action nor key."""

    permission = Permission.EDIT_BLOCKS
    of_kind = "staff"
    template_name = "resources/staff/import.html"
    submit_label = gettext_lazy("Show what is in it")

    def shown(self, form, run: DryRun):
        confirm = None
        if run.happens:
            seen = sign(run.lines, [shift.pk for shift in run.going], self.institution)
            confirm = ConfirmShiftsForm(institution=self.institution, initial={"seen": seen})
        context = self.get_context_data(
            form=form,
            run=run,
            rows=[_row(line, run) for line in run.lines[:SHOWN]],
            gone=[_words(shift, run.badges[shift.resource_id]) for shift in run.going],
            more=max(0, len(run.lines) - SHOWN),
            problems=run.problems[:SHOWN],
            confirm=confirm,
        )
        return self.render_to_response(context, status=200 if run.happens else 422)


def _row(line, run: DryRun) -> dict:
    person = run.badges[line.resource]
    known = (line.resource, line.starts_at) in run.known
    return {"badge": person.code, "when": _words(line, person), "line": line, "known": known}


def _words(shift, person) -> str:
    zone = ZoneInfo(person.site.time_zone)
    return describe_period(shift.starts_at, shift.ends_at, tz=zone, year=True)


class RosterImport(ShowsDryRun, ActionPage):
    """Many people at once."""

    form_class = RosterFileForm
    title = gettext_lazy("Import a roster")

    def form_valid(self, form):
        people = own_people(self.institution)
        columns = form.sheet.columns
        rows = (
            (number, ShiftRow(dict(zip(columns, texts, strict=True)), people=people))
            for number, texts in form.sheet.rows
        )
        return self.shown(form, try_roster(self.institution, rows))


class ShiftCalendarImport(ShowsDryRun, OfPerson, ActionPage):
    """One person's calendar file."""

    permission = Permission.EDIT_BLOCKS
    form_class = ShiftCalendarForm
    title = gettext_lazy("Import a calendar")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone, "now": self.now}

    def form_valid(self, form):
        employer = form.cleaned_data["employer"]
        return self.shown(form, try_calendar(self.person, form.reading, employer, self.now))


class ShiftImportConfirm(ActionPage):
    """Write the list that was shown."""

    permission = Permission.EDIT_BLOCKS
    of_kind = "staff"
    form_class = ConfirmShiftsForm
    template_name = "resources/staff/import_confirm.html"
    title = gettext_lazy("Import shifts")
    submit_label = gettext_lazy("Keep these shifts")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"institution": self.institution}

    def perform(self, form) -> str:
        done = shifts.bring_in(
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data["seen"],
        )
        words = _("%(new)s shifts entered, %(updated)s brought up to date, %(removed)s removed.")
        messages.success(self.request, words % done._asdict())
        address = reverse("resources:resource-list", args=[self.institution.slug])
        return f"{address}?kind=staff&scope=ours"
