"""The host's consent, check-in, timesheet; the home employer's confirmation."""

from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from resources.forms.plain import NothingForm
from scheduling.actions import sign_offs
from scheduling.kinds.staff.actions import attendance
from scheduling.kinds.staff.forms.attendance import ConsentForm, TimesheetForm
from scheduling.kinds.staff.parts import HOST
from scheduling.kinds.staff.queries.engagement import engagement_of, shown_name
from scheduling.models import SharingRequest
from scheduling.states import Side
from scheduling.views.request_page import RequestAction


class StaffAction(RequestAction):
    """A step of a shift; requests of other kinds have no such page."""

    of_kind = "staff"

    @cached_property
    def sharing_request(self) -> SharingRequest:
        found = super().sharing_request
        if found.kind != self.of_kind:
            raise Http404
        return found

    @property
    def zone(self) -> ZoneInfo:
        request = self.sharing_request
        return ZoneInfo((request.delivery_site or request.resource.site).time_zone)


class Credentialing(StaffAction):
    """The host's credentialing says yes or no to the papers."""

    permission = Permission.DECIDE
    side = Side.BORROWER
    form_class = ConsentForm
    title = gettext_lazy("Credentialing by the host")
    submit_label = gettext_lazy("Send the answer")

    def perform(self, form) -> str:
        sign = sign_offs.give if form.cleaned_data["answer"] == "yes" else sign_offs.refuse
        sign(
            sharing_request=self.sharing_request,
            part=HOST,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(_("Your answer is stored; all three sides are told."))


class CheckIn(StaffAction):
    permission = Permission.HAND_OVER
    side = Side.BORROWER
    form_class = NothingForm
    template_name = "scheduling/staff/check_in.html"
    title = gettext_lazy("Check in")
    submit_label = gettext_lazy("Identity and badge checked, the shift begins")

    def get_context_data(self, **kwargs):
        name = shown_name(self.sharing_request, self.institution)
        return super().get_context_data(person_name=name, **kwargs)

    def perform(self, form) -> str:
        attendance.check_in(
            sharing_request=self.sharing_request, by=self.request.user, now=self.now
        )
        return self.succeeded(_("Checked in."))


class Timesheet(StaffAction):
    permission = Permission.HAND_OVER
    side = Side.BORROWER
    form_class = TimesheetForm
    title = gettext_lazy("Sign the timesheet")
    submit_label = gettext_lazy("Sign the timesheet")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone}

    def get_initial(self):
        request, engagement = self.sharing_request, engagement_of(self.sharing_request)
        return {
            "worked_from": request.starts_at,
            "worked_until": request.ends_at,
            "break_minutes": engagement.break_minutes if engagement else 0,
        }

    def perform(self, form) -> str:
        attendance.sign_timesheet(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.succeeded(_("Signed. The person and the home employer confirm it."))


class ConfirmHours(StaffAction):
    permission = Permission.POST_CHECK
    side = Side.OWNER
    form_class = NothingForm
    template_name = "scheduling/staff/confirm.html"
    title = gettext_lazy("Confirm the hours")
    submit_label = gettext_lazy("The hours are right")

    def get_context_data(self, **kwargs):
        return super().get_context_data(engagement=engagement_of(self.sharing_request), **kwargs)

    def perform(self, form) -> str:
        attendance.confirm_hours(
            sharing_request=self.sharing_request, by=self.request.user, now=self.now
        )
        return self.succeeded(_("Confirmed; the share is closed."))
