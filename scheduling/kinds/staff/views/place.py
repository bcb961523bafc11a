"""Take a place of the wait-list with a person: the invitation, filled in and held."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resources.models import Resource
from resources.views.offers import find
from scheduling.addresses import query
from scheduling.kinds.staff.views.need import Invite
from scheduling.models import SharingRequest, WaitlistEntry
from scheduling.queries.waitlist import own_entries
from scheduling.waiting import WaitState


class TakePlace(Invite):
    """Whoever of ours opens the page: the place is the institution's."""

    template_name = "scheduling/staff/place.html"
    title = gettext_lazy("Take the offered place")

    @cached_property
    def entry(self) -> WaitlistEntry:
        return find(own_entries(self.institution).filter(kind=self.of_kind), pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> Resource:
        if self.entry.promise is None:
            raise Http404
        return self.entry.promise.resource

    @cached_property
    def hold(self) -> SharingRequest | None:
        return self.entry.promise

    @property
    def is_held(self) -> bool:
        lasts = self.hold is not None and self.hold.hold_expires_at is not None
        return (
            self.entry.state == WaitState.OFFERED
            and lasts
            and (self.hold.hold_expires_at > self.now)
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clock of the site that is chosen, at first of the one that waits."""
        chosen = self.request.POST.get("site") or str(self.entry.site_id)
        site = next((site for site in self.sites if str(site.pk) == chosen), None)
        site = site or (self.sites[0] if self.sites else None)
        return ZoneInfo(site.time_zone if site else "UTC")

    @property
    def list_url(self) -> str:
        return reverse("scheduling:waitlist", args=[self.institution.slug])

    def get(self, request, *args, **kwargs):
        if self.person and not self.is_held:
            messages.warning(request, _("This place is no longer held for you"))
            return HttpResponseRedirect(self.list_url)
        return super().get(request, *args, **kwargs)

    def first_data(self) -> QueryDict:
        values = {
            "starts_at": self.hold.starts_at,
            "ends_at": self.hold.ends_at,
            "break_minutes": 0,
            "site": self.entry.site_id or (self.sites[0].pk if self.sites else ""),
            "priority": self.hold.priority,
            "purpose": self.entry.purpose,
        }
        return QueryDict(query(values, self.zone))

    def perform(self, form) -> str:
        return self.send(form)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        crumbs = [{"label": _("Wait-list"), "url": self.list_url}]
        return context | {"entry": self.entry, "crumbs": crumbs, "cancel_url": self.list_url}
