"""The shifts that a person works outside the portal: the list, one by one, and away again."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_period
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.forms.plain import NothingForm
from resources.kinds.staff.actions import shifts
from resources.kinds.staff.forms.shifts import ShiftForm
from resources.kinds.staff.shift_lines import Line
from resources.kinds.staff.views.of_person import OfPerson
from resources.models import CommittedShift
from resources.views.offers import find
from resources.views.own_times import OwnTimes


class ShiftList(OfPerson, OwnTimes):
    permission = Permission.VIEW
    template_name = "resources/staff/shifts.html"
    row_template = "resources/staff/shift_row.html"
    caption = gettext_lazy("Shifts")

    def get_times(self):
        return CommittedShift.objects.owned_by(self.institution).filter(resource=self.person)


class ShiftAdd(OfPerson, ActionPage):
    permission = Permission.EDIT_BLOCKS
    form_class = ShiftForm
    title = gettext_lazy("Enter a shift")
    submit_label = gettext_lazy("Enter the shift")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone}

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.address("resources:shift-list"), **kwargs)

    def perform(self, form) -> str:
        line = Line(resource=self.person.pk, **form.cleaned_data)
        shifts.add(resource=self.person, line=line, by=self.request.user, now=self.now)
        messages.success(self.request, _("Entered. It counts in hours and rest from now on."))
        return self.address("resources:shift-list")


class ShiftRemove(ActionPage):
    permission = Permission.EDIT_BLOCKS
    of_kind = "staff"
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Remove a shift")
    submit_label = gettext_lazy("Remove the shift")

    @cached_property
    def shift(self):
        rows = CommittedShift.objects.owned_by(self.institution)
        return find(rows.select_related("resource__site", "institution"), pk=self.kwargs["pk"])

    @property
    def list_url(self) -> str:
        return reverse("resources:shift-list", args=[self.institution.slug, self.shift.resource_id])

    def get_context_data(self, **kwargs):
        zone = ZoneInfo(self.shift.resource.site.time_zone)
        when = describe_period(self.shift.starts_at, self.shift.ends_at, tz=zone, year=True)
        question = _("Shift of %(badge)s, %(when)s: remove it?")
        return super().get_context_data(
            question=question % {"badge": self.shift.resource.code, "when": when},
            consequences=[_("The time no longer counts in hours and rest.")],
            cancel_url=self.list_url,
            **kwargs,
        )

    def perform(self, form) -> str:
        address = self.list_url
        shifts.remove(shift=self.shift, by=self.request.user, now=self.now)
        messages.success(self.request, _("The shift is removed."))
        return address
