"""The host's reminder and consent, check-in, timesheet; the home employer's confirmation."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.roles import Permission
from resources.forms.plain import NothingForm
from scheduling.actions import sign_offs
from scheduling.kinds import zone_of
from scheduling.kinds.staff.actions import attendance, reminding
from scheduling.kinds.staff.forms.attendance import ConsentForm, TimesheetForm
from scheduling.kinds.staff.parts import HOST
from scheduling.kinds.staff.queries.engagement import consents_of, engagement_of, shown_name
from scheduling.models import SharingRequest
from scheduling.states import Side
from scheduling.views.request_page import RequestAction
from scheduling.views.resent import KeptStep


class StaffAction(RequestAction):
    """A step of a shift; requests of other kinds have no such page."""

    of_kind = "staff"
    act: Callable  # keyword-only, as all actions; the form's values go with it

    @cached_property
    def sharing_request(self) -> SharingRequest:
        found = super().sharing_request
        if found.kind != self.of_kind:
            raise Http404
        return found

    @property
    def zone(self) -> ZoneInfo:
        request = self.sharing_request
        return ZoneInfo(zone_of(request))

    def perform(self, form) -> str:
        type(self).act(
            sharing_request=self.sharing_request,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        return self.succeeded(self.done)


class Remind(StaffAction):
    """The host asks once more for the consents that are missing."""

    permission = Permission.ASK
    side = Side.BORROWER
    form_class = NothingForm
    title = gettext_lazy("Remind")
    submit_label = gettext_lazy("Send the reminder")
    done = gettext_lazy("Reminded: a letter to the person, a notice to whoever has not answered.")
    act = reminding.remind

    def get_context_data(self, **kwargs):
        waiting = [each["label"] for each in consents_of(self.sharing_request) if each["waits"]]
        words = _("Still waits for: %(consents)s.") % {"consents": " · ".join(map(str, waiting))}
        return super().get_context_data(explain=words, **kwargs)


class Credentialing(StaffAction):
    """The host's credentialing says yes or no to the papers."""

    permission = Permission.DECIDE
    side = Side.BORROWER
    form_class = ConsentForm
    title = gettext_lazy("Credentialing by the host")
    submit_label = gettext_lazy("Send the answer")
    done = gettext_lazy("Your answer is stored; all three sides are told.")

    def perform(self, form) -> str:
        sign = sign_offs.give if form.cleaned_data["answer"] == "yes" else sign_offs.refuse
        sign(
            sharing_request=self.sharing_request,
            part=HOST,
            by=self.request.user,
            now=self.now,
            text=form.cleaned_data["text"],
        )
        return self.succeeded(self.done)


class CheckIn(KeptStep, StaffAction):
    step = "hand_over"
    permission = Permission.HAND_OVER
    side = Side.BORROWER
    form_class = NothingForm
    template_name = "scheduling/staff/check_in.html"
    title = gettext_lazy("Check in")
    submit_label = gettext_lazy("Identity and badge checked, the shift begins")
    done = gettext_lazy("Checked in.")
    act = attendance.check_in

    def get_context_data(self, **kwargs):
        name = shown_name(self.sharing_request, self.institution)
        return super().get_context_data(person_name=name, **kwargs)


class Timesheet(KeptStep, StaffAction):
    step = "return"
    permission = Permission.HAND_OVER
    side = Side.BORROWER
    form_class = TimesheetForm
    title = gettext_lazy("Sign the timesheet")
    submit_label = gettext_lazy("Sign the timesheet")
    done = gettext_lazy("Signed. The person and the home employer confirm it.")
    act = attendance.sign_timesheet

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"zone": self.zone}

    def get_initial(self):
        request, engagement = self.sharing_request, engagement_of(self.sharing_request)
        return {
            "worked_from": request.starts_at,
            "worked_until": request.ends_at,
            "break_minutes": engagement.break_minutes if engagement else 0,
        }


class ConfirmHours(KeptStep, StaffAction):
    step = "close"
    permission = Permission.POST_CHECK
    side = Side.OWNER
    form_class = NothingForm
    template_name = "scheduling/staff/confirm.html"
    title = gettext_lazy("Confirm the hours")
    submit_label = gettext_lazy("The hours are right")
    done = gettext_lazy("Confirmed; the share is closed.")
    act = attendance.confirm_hours

    def get_context_data(self, **kwargs):
        return super().get_context_data(engagement=engagement_of(self.sharing_request), **kwargs)
