"""The wait-list of an institution: what it waits for, join, and take an offered place."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.local_times import describe_hours, describe_period
from medshare_portal.roles import Permission, Rights, rights_of
from medshare_portal.views.pages import ActionPage, Page
from resources.kinds import kinds as catalogue_kinds
from resources.models import Category, Resource
from resources.views.offers import find
from scheduling.actions import waitlist
from scheduling.actions.places_gone import is_offered
from scheduling.actions.requests import HoldLapsed
from scheduling.forms.find import FindForm
from scheduling.forms.waitlist import JoinForm
from scheduling.kinds import kinds as workflow_kinds
from scheduling.models import SharingRequest, WaitlistEntry
from scheduling.queries.free_facts import categories_of
from scheduling.queries.home_zone import active_sites, home_zone
from scheduling.queries.waitlist import ended_entries, open_entries
from scheduling.views.find import FIND
from scheduling.views.request_column import AsksForOne
from scheduling.views.waiting_ways import instead_of_waiting
from scheduling.views.waitlist_steps import OfEntry
from scheduling.waiting import WaitState

TONES = {
    WaitState.WAITING: "waiting",
    WaitState.OFFERED: "info",
    WaitState.TAKEN: "ok",
    WaitState.MISSED: "warn",
    WaitState.LEFT: "neutral",
    WaitState.EXPIRED: "bad",
}


class Waitlist(Page):
    permission = Permission.VIEW
    template_name = "scheduling/waiting/waitlist.html"

    def get_context_data(self, **kwargs):
        zone = home_zone(self.institution)
        entries, rights = open_entries(self.institution), rights_of(self.request.roles)
        ended = ended_entries(self.institution, self.now)
        return super().get_context_data(
            rows=[_row(entry, place, zone, rights) for entry, place in entries],
            ended=[_row(entry, None, zone, rights) for entry in ended],
            **kwargs,
        )


def _row(entry: WaitlistEntry, place, zone: ZoneInfo, rights: Rights) -> dict:
    held = entry.promise
    return {
        "entry": entry,
        "place": place,
        "tone": TONES[WaitState(entry.state)],
        "window": describe_period(entry.starts_at, entry.ends_at, tz=zone),
        "length": describe_hours(timedelta(minutes=entry.minutes)),
        "given": describe_period(held.starts_at, held.ends_at, tz=zone) if held else "",
        "zone": zone,
        "may_ask": (Permission.ASK, entry.kind) in rights,
    }


class Join(ActionPage):
    """Stand in line for what the address names, as the search's own address does."""

    permission = Permission.ASK
    form_class = JoinForm
    template_name = "scheduling/waiting/join.html"
    title = gettext_lazy("Wait for it")
    submit_label = gettext_lazy("Join the line")

    @property
    def of_kind(self) -> str:
        return self.wanted.kind

    @cached_property
    def sites(self) -> list:
        return active_sites(self.institution)

    @cached_property
    def zone(self) -> ZoneInfo:
        return home_zone(self.institution)

    @cached_property
    def search(self) -> FindForm:
        return FindForm(
            self.request.GET,
            sites=self.sites,
            zone=self.zone,
            now=self.now,
            categories=categories_of(self._kind),
        )

    @cached_property
    def _kind(self) -> str:
        """The kind in the address, or the first that has a line."""
        waited_for = [kind.code for kind in catalogue_kinds if waitlist.may_wait_for(kind.code)]
        asked = self.request.GET.get("kind") or waited_for[0]
        if asked not in waited_for:
            raise Http404
        return asked

    @cached_property
    def wanted(self) -> Resource | Category:
        self.search.is_valid()
        values = getattr(self.search, "cleaned_data", {})
        if values.get("unit"):
            return find(self._resources(), pk=values["unit"])
        if values.get("category") is None:
            raise Http404
        return find(Category.objects.filter(kind=self._kind), path=values["category"].path)

    def _resources(self):
        rows = Resource.objects.visible_to(self.institution)
        return rows.exclude(institution=self.institution).select_related(
            "institution", "site", "category"
        )

    @property
    def one_resource(self) -> bool:
        return isinstance(self.wanted, Resource)

    def get_form_kwargs(self):
        own = {"sites": self.sites, "zone": self.zone, "one_resource": self.one_resource}
        return super().get_form_kwargs() | own

    def get_initial(self):
        values = FindForm.first_values(self.now) | {
            name: value for name, value in self.search.cleaned_data.items() if value
        }
        site = values.get("site") or (self.sites[0] if self.sites else None)
        return values | {"site": site.pk if site else None}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            wanted=self.wanted,
            one_resource=self.one_resource,
            cancel_url=self._search_url(),
            instead=instead_of_waiting(self),
            **kwargs,
        )

    def _search_url(self) -> str:
        """Back to what was searched, where the address says it in the words of that page."""
        page = workflow_kinds[self.of_kind].find_page
        address = reverse(f"scheduling:{page}", args=[self.institution.slug])
        return f"{address}?{self.request.GET.urlencode()}" if page == FIND else address

    def perform(self, form) -> str:
        aim = {"resource" if self.one_resource else "category": self.wanted}
        waitlist.join(
            borrower=self.institution, by=self.request.user, now=self.now, **aim, **form.wish()
        )
        messages.success(self.request, _("You are in the line. We tell you when a place is free."))
        return reverse("scheduling:waitlist", args=[self.institution.slug])


class AcceptPlace(OfEntry, AsksForOne):
    """The request form for an offered place, filled in and held: one page, one button."""

    template_name = "scheduling/waiting/accept.html"

    @property
    def of_kind(self) -> str:
        return self.entry.kind

    def get(self, request, *args, **kwargs):
        """A kind with a page of its own takes a place there; a place that was passed on is gone,
        and so is one of what is offered to us no longer."""
        if self._is_gone():
            return self._back()
        own = workflow_kinds[self.entry.kind].place_page
        if not own:
            return super().get(request, *args, **kwargs)
        place = [self.institution.slug, self.entry.pk]
        return HttpResponseRedirect(reverse(f"scheduling:{own}", args=place))

    def post(self, request, *args, **kwargs):
        return self._back() if self._is_gone() else super().post(request, *args, **kwargs)

    def _is_gone(self) -> bool:
        if self.entry.promise is None:
            return True
        return self.entry.state == WaitState.OFFERED and not is_offered(self.entry)

    def _back(self) -> HttpResponseRedirect:
        messages.warning(self.request, _("This place is no longer held for you"))
        return HttpResponseRedirect(self.list_url)

    @property
    def unit(self) -> int:
        if workflow_kinds[self.entry.kind].place_page:
            raise Http404
        if self.entry.promise is None:
            raise Http404
        return self.entry.promise.resource_id

    @cached_property
    def hold(self) -> SharingRequest | None:
        """Whoever of ours opens the page: the place is the institution's."""
        held = self.entry.promise
        return held if self.entry.state == WaitState.OFFERED and self._lasts(held) else None

    @property
    def shown_hold(self) -> SharingRequest | None:
        """The place, whatever time was typed beside it."""
        return self.hold

    def _lasts(self, held: SharingRequest) -> bool:
        return held.hold_expires_at > self.now

    def first_wish(self) -> dict:
        held = self.entry.promise
        return {
            "starts_at": held.starts_at,
            "ends_at": held.ends_at,
            "units": held.units,
            "priority": held.priority,
            "mode": held.mode,
        }

    def get_initial(self):
        site = self.entry.site or self.home
        return super().get_initial() | {
            "purpose": self.entry.purpose,
            "delivery_site": site.pk if site else None,
        }

    def address(self, **changes) -> str:
        """A way round leads to the ordinary form."""
        unit = changes.pop("unit", self.unit)
        path = reverse("scheduling:request-create", args=[self.institution.slug, unit])
        return f"{path}?{self.query(self.first_wish() | changes)}"

    def perform(self, form) -> str:
        if not self.holds and self.hold is None:
            raise HoldLapsed
        return super().perform(form)

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or self.get_form()
        return super().get_context_data(
            form=form,
            column=self.column(form),
            entry=self.entry,
            list_url=self.list_url,
            join_url=self._join_again(),
            **kwargs,
        )

    def _join_again(self) -> str:
        return join_address(self.institution, self.zone_query())

    def zone_query(self) -> str:
        wish = self.first_wish()
        wish.pop("mode")
        return self.query(wish | {"kind": self.entry.kind, "unit": self.unit})


def join_address(institution, query: str) -> str:
    """The page that joins the line for what a search's query names."""
    return f"{reverse('scheduling:waitlist-join', args=[institution.slug])}?{query}"
