"""The person's own pages: what a signed link opens, and the list for who has an account.

A GET never acts.  A link that is forged, cut off or expired gets a page that says so.
"""

from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from medshare_portal.findings import Findings
from medshare_portal.refusals import Refusal
from medshare_portal.signed_links import BadLink
from scheduling.actions import sign_offs
from scheduling.kinds import kinds
from scheduling.kinds.staff.actions import attendance, consents
from scheduling.kinds.staff.forms.attendance import ConsentForm, SeriesConsentForm
from scheduling.kinds.staff.links import read
from scheduling.kinds.staff.parts import PERSON
from scheduling.kinds.staff.queries.engagement import engagement_of
from scheduling.kinds.staff.queries.person import (
    named_by_link,
    others_that_wait,
    own_requests,
    waits_for_person,
)
from scheduling.states import State
from scheduling.verdicts import finding_rows


@method_decorator(login_not_required, name="dispatch")
class PersonPage(TemplateView):
    """One shift for the person whom it concerns; by the link alone, signed in or not."""

    template_name = "scheduling/staff/person.html"

    @cached_property
    def now(self):
        return timezone.now()

    @cached_property
    def sharing_request(self):
        """The request of the link, or None for a link that names nothing."""
        try:
            return named_by_link(read(self.kwargs["token"]))
        except BadLink:
            return None

    def get(self, request, *args, **kwargs):
        if self.sharing_request is None:
            return self._broken()
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request, *args, **kwargs):
        if self.sharing_request is None:
            return self._broken()
        form = self._form(request.POST)
        hours = self.sharing_request.state == State.FINISHED
        if not hours and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            with transaction.atomic():
                self._confirm() if hours else self._answer(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            found = finding_rows(Findings(refusal.findings))
            context = self.get_context_data(form=form, findings=found)
            return self.render_to_response(context, status=refusal.status)
        return HttpResponseRedirect(request.path)

    def _answer(self, values: dict) -> None:
        if values.get("every"):
            self._answer_all(values)
            return
        sign = sign_offs.give if values["answer"] == "yes" else sign_offs.refuse
        sign(
            sharing_request=self.sharing_request,
            part=PERSON,
            by=None,
            now=self.now,
            text=values["text"],
            signed_name=self.sharing_request.resource.code,
        )

    def _answer_all(self, values: dict) -> None:
        consents.answer_all(
            series=self.sharing_request.series,
            part=PERSON,
            agree=values["answer"] == "yes",
            by=None,
            now=self.now,
            text=values["text"],
            signed_name=self.sharing_request.resource.code,
        )

    @cached_property
    def others(self) -> list:
        """Further dates of the series that wait for the person."""
        return others_that_wait(self.sharing_request)

    def _form(self, data=None) -> ConsentForm:
        return ConsentForm(data) if not self.others else SeriesConsentForm(data)

    def _confirm(self) -> None:
        badge = self.sharing_request.resource.code
        attendance.confirm_hours(
            sharing_request=self.sharing_request, by=None, now=self.now, badge=badge
        )

    def _broken(self):
        context = {"title": _("This link does not open anything")}
        return self.response_class(
            request=self.request,
            template=["scheduling/staff/bad_link.html"],
            context=context,
            using=self.template_engine,
            status=404,
        )

    def get_context_data(self, **kwargs):
        request = self.sharing_request
        site = kinds[request.kind].where(request)
        return super().get_context_data(
            sharing_request=request,
            engagement=engagement_of(request),
            zone=ZoneInfo(site.time_zone),
            site=site,
            others=self.others,
            asks=waits_for_person(request),
            hours=request.state == State.FINISHED,
            **kwargs,
        )


class MyShifts(TemplateView):
    """What waits for the person who is signed in, and what is booked."""

    template_name = "scheduling/staff/my_shifts.html"

    def get_context_data(self, **kwargs):
        rows = own_requests(self.request.user, now=timezone.now())
        return super().get_context_data(title=_("My shifts"), rows=rows, **kwargs)
