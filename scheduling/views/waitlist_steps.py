"""Steps of one entry of the wait-list that ask first: pass a place on, leave the line."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_period
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.forms.plain import NothingForm
from resources.views.offers import find
from scheduling.actions import waitlist
from scheduling.models import WaitlistEntry
from scheduling.queries.home_zone import home_zone
from scheduling.queries.waitlist import own_entries
from scheduling.waiting import WaitState


class OfEntry:
    """The entry in the address, one of ours."""

    permission = Permission.ASK

    @property
    def of_kind(self) -> str:
        return self.entry.kind

    @cached_property
    def entry(self) -> WaitlistEntry:
        return find(own_entries(self.institution), pk=self.kwargs["pk"])

    @property
    def list_url(self) -> str:
        return reverse("scheduling:waitlist", args=[self.institution.slug])


class Leave(OfEntry, ActionPage):
    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Leave the line")
    submit_label = gettext_lazy("Leave the line")

    def get_context_data(self, **kwargs):
        words = _("Stop waiting for %(wanted)s?")
        if self.entry.state == WaitState.OFFERED:
            words = _(
                "Stop waiting for %(wanted)s? The place that is held for you goes to the next in "
                "line, and no other is offered to you."
            )
        question = words % {"wanted": self.entry.wanted.name}
        return super().get_context_data(question=question, cancel_url=self.list_url, **kwargs)

    def perform(self, form) -> str:
        waitlist.leave(entry=self.entry, by=self.request.user, now=self.now)
        messages.success(self.request, _("You have left the line."))
        return self.list_url


class PassOn(OfEntry, ActionPage):
    """Let one place go, and wait on."""

    form_class = NothingForm
    template_name = "generic/confirm.html"
    title = gettext_lazy("Pass this place on")
    submit_label = gettext_lazy("Pass it on and wait")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self._question(), cancel_url=self.list_url, **kwargs
        )

    def _question(self) -> str:
        held = self.entry.promise
        if held is None:
            return _("This place is no longer held for you")
        words = _(
            "Pass on %(resource)s of %(owner)s, %(period)s? This place goes to the next in line. "
            "You keep waiting, and we tell you of the next one."
        )
        return words % {
            "resource": held.resource.name,
            "owner": held.resource.institution.name,
            "period": describe_period(held.starts_at, held.ends_at, tz=home_zone(self.institution)),
        }

    def perform(self, form) -> str:
        waitlist.pass_on(entry=self.entry, by=self.request.user, now=self.now)
        words = _("The place goes to the next in line. You keep waiting.")
        messages.success(self.request, words)
        return self.list_url
