"""Need a shift: who can cover it, in three groups; and the invitation."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal import policy
from medshare_portal.findings import Findings
from medshare_portal.local_times import describe_hours, describe_period
from medshare_portal.models import Site
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage, Page
from resources.models import Resource
from resources.tables import asked_price
from resources.views.offers import find as find_row
from scheduling.actions._rules import ReasonMissing
from scheduling.kinds.staff.actions.invitations import invite
from scheduling.kinds.staff.drawing import week_letters
from scheduling.kinds.staff.forms.need import InviteForm, NeedForm, first_values
from scheduling.kinds.staff.queries.candidates import Found, Group, Need, find
from scheduling.kinds.staff.rows import needed_papers, row_of
from scheduling.kinds.staff.views.ways_on import line_for, need_for, times_of
from scheduling.queries.availability import published_offer
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.rules import findings_for_request
from scheduling.verdicts import finding_rows
from scheduling.views.basket_adding import AddsToBasket

SHOWN = 20  # rows of one group
KEPT = (
    "specialty", "starts_at", "starts_at_which", "ends_at", "ends_at_which", "break_minutes",
    "site", "ward", "priority", "competencies",
)  # fmt: skip
TITLES = {
    Group.COMPLIANT: gettext_lazy("Compliant, can be invited now"),
    Group.MISSING: gettext_lazy("One thing missing"),
    Group.BLOCKED: gettext_lazy("Blocked by a rule"),
}


class AtOurSites:
    """Our own sites, and the clock of the one in the address."""

    of_kind = "staff"

    @cached_property
    def sites(self) -> list[Site]:
        rows = Site.objects.owned_by(self.institution).filter(active=True)
        return list(rows.order_by("-is_main", "pk"))

    @cached_property
    def zone(self) -> ZoneInfo:
        chosen = self.request.POST.get("site") or self.request.GET.get("site")
        site = next((site for site in self.sites if str(site.pk) == chosen), None)
        site = site or (self.sites[0] if self.sites else None)
        return ZoneInfo(site.time_zone if site else "UTC")

    @property
    def form_values(self) -> dict:
        return {"sites": self.sites, "zone": self.zone, "now": self.now}


class NeedPage(AtOurSites, Page):
    permission = Permission.VIEW
    template_name = "scheduling/staff/need.html"

    @cached_property
    def form(self) -> NeedForm:
        local = self.now.astimezone(self.zone)
        if "starts_at" in self.request.GET:
            return NeedForm(self.request.GET, **self.form_values)
        initial = first_values(local, self.sites) | self.request.GET.dict()
        return NeedForm(initial=initial, **self.form_values)

    @cached_property
    def need(self) -> Need | None:
        """What is searched; None while the form is empty or wrong."""
        if not self.form.is_bound or not self.form.is_valid():
            return None
        values = self.form.cleaned_data
        return Need(
            host=self.institution,
            profession=values["profession"],
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            asked=self.form.asked(),
            within_minutes=int(values["within"]) if values["within"] else None,
            priority=values["priority"] or "routine",
        )

    def get_context_data(self, **kwargs):
        found = find(self.need, now=self.now) if self.need else None
        shown = self._shown(found) if found else {}
        return super().get_context_data(
            title=_("Need a shift"), form=self.form, found=found, **shown, **kwargs
        )

    def _shown(self, found: Found) -> dict:
        limits = policy.current().staff
        need = self.need
        return {
            "headline": f"{need.profession.name} · {self._when()}",
            "needed": needed_papers(need.asked),
            "length": describe_hours(need.ends_at - need.starts_at),
            "funnel": self._funnel(found),
            "groups": [self._group(group, found.groups[group]) for group in Group],
            "least_rest": f"{limits.daily_rest_hours:g}",
            "limit": f"{limits.weekly_average_hours:g}" if limits.weekly_average_hours else "",
            "weeks": limits.reference_weeks,
            "letters": week_letters(_("M T W T F S S").split()),
            "ways_on": self._ways_on(found) if self.may(Permission.ASK) else {},
            "may_invite": self.may(Permission.ASK),
            "may_except": self.may(Permission.MAKE_EXCEPTION),
        }

    def _ways_on(self, found: Found) -> dict:
        """What to do where nobody can be invited now."""
        if found.groups[Group.COMPLIANT]:
            return {}
        values = self.form.cleaned_data
        wish = {"what": self.need.profession.name} | times_of(values)
        skills = ", ".join(str(skill) for skill in values["competencies"])[:300]
        found = need_for(self.institution, skills=skills, **wish)
        return found | {"join_url": line_for(self.institution, **wish)}

    def _when(self) -> str:
        return describe_period(self.need.starts_at, self.need.ends_at, tz=self.zone)

    def _funnel(self, found: Found) -> list[dict]:
        steps = [
            (found.skilled, _("hold the skill")),
            (found.offered, _("offered then")),
            (found.free, _("free")),
            (found.nearly, _("at most one thing missing")),
            (len(found.groups[Group.COMPLIANT]), _("compliant")),
        ]
        most = max(1, found.skilled)
        return [
            {"number": number, "words": words, "height": max(1, round(18 * number / most))}
            for number, words in steps
        ]

    def _group(self, group: Group, candidates: list) -> dict:
        return {
            "title": TITLES[group],
            "number": len(candidates),
            "more": max(0, len(candidates) - SHOWN),
            "rows": [row_of(each, self._invite_url(each)) for each in candidates[:SHOWN]],
        }

    def _invite_url(self, candidate) -> str:
        kept = [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name in KEPT and value
        ]
        args = [self.institution.slug, candidate.resource.pk]
        return f"{reverse('scheduling:staff-invite', args=args)}?{urlencode(kept)}"

    def render_to_response(self, context, **kwargs):
        wrong = self.form.is_bound and self.need is None
        return super().render_to_response(context, status=400 if wrong else 200, **kwargs)


class OfPerson(AtOurSites):
    """Somebody whom another institution lends."""

    @property
    def resource(self) -> Resource:
        return self.person

    @cached_property
    def person(self) -> Resource:
        """Badge and profession; no page of a host reads the name here."""
        rows = Resource.objects.visible_to(self.institution).filter(staff_member__isnull=False)
        related = ("institution", "site", "category", "staff_member")
        rows = rows.exclude(institution=self.institution).select_related(*related)
        return find_row(rows, pk=self.kwargs["pk"])


class Invite(OfPerson, AddsToBasket, ActionPage):
    """Everything that the rules say before it is sent; a warning is passed with its reason."""

    permission = Permission.ASK
    template_name = "scheduling/staff/invite.html"
    title = gettext_lazy("Invite for a shift")
    submit_label = gettext_lazy("Send the invitation")
    hold = None  # a place of the wait-list that is taken up

    def get_form(self, form_class=None):
        self.person  # noqa: B018 – not visible: 404 before anything is looked at
        self.findings = Findings()
        data = self.first_data() if self.typed is None else self.typed
        if "starts_at" not in data and self.request.method != "POST":
            local = self.now.astimezone(self.zone)
            initial = first_values(local, self.sites) | {"priority": "routine"}
            return InviteForm(initial=initial, **self.form_values)
        values = data.copy()
        values.setdefault("priority", "routine")
        if self.typed is None:
            self._fill_in(values)
        form = InviteForm(values, **self.form_values)
        if self.typed is None and not form.is_valid():
            return InviteForm(initial=values.dict(), **self.form_values)
        if form.is_valid():
            self.findings = self._findings(form)
            form = InviteForm(values, warnings=self.findings.passable, **self.form_values)
        return form

    def _fill_in(self, values: QueryDict) -> None:
        """What an address with the times alone leaves open has its usual value."""
        for name, value in first_values(self.now.astimezone(self.zone), self.sites).items():
            values.setdefault(name, value)

    def first_data(self) -> QueryDict:
        """What fills the form in before anything was sent."""
        return self.request.GET

    def _findings(self, form: InviteForm) -> Findings:
        wish = Wish(
            resource=self.person,
            borrower=self.institution,
            starts_at=form.cleaned_data["starts_at"],
            ends_at=form.cleaned_data["ends_at"],
            priority=form.cleaned_data["priority"],
            sharing_request=self.hold,
            asked=form.asked(),
        )
        (wish,) = with_asked_before([wish])
        return findings_for_request(context_of(wish, now=self.now))

    def refused(self, form, refusal):
        if not isinstance(refusal, ReasonMissing):
            return super().refused(form, refusal)
        form.say_missing_reasons(refusal.message)
        return self.form_invalid(form, status=refusal.status)

    def get_context_data(self, **kwargs):
        need = reverse("scheduling:staff-need", args=[self.institution.slug])
        back = f"{need}?{self.request.GET.urlencode()}"
        context = super().get_context_data(
            person=self.person,
            cancel_url=back,
            crumbs=[{"label": _("Need a shift"), "url": back}],
            series_url=self._series_url(),
            **kwargs,
        )
        return context | {
            "findings": finding_rows(self.findings),
            "price": self._price(),
            "wait_url": self._wait_url(context["form"]),
        }

    def _wait_url(self, form: InviteForm) -> str:
        """The line for this person, where a rule blocks what was asked."""
        if not self.findings.blocks or self.hold is not None or not form.is_valid():
            return ""
        return line_for(self.institution, unit=self.person.pk, **times_of(form.cleaned_data))

    def _price(self) -> str:
        """What the shift will cost by the offer in force; empty where nothing is asked."""
        offer = published_offer(self.person)
        return asked_price(offer) if offer else ""

    def _series_url(self) -> str:
        """The same shift on several dates."""
        args = [self.institution.slug, self.person.pk]
        typed = self.request.GET if self.typed is None else self.typed
        kept = [(n, v) for n, values in typed.lists() for v in values if n in KEPT and v]
        return f"{reverse('scheduling:staff-series', args=args)}?{urlencode(kept)}"

    def send(self, form) -> str:
        sent = invite(
            resource=self.person,
            host=self.institution,
            invitation=form.invitation,
            by=self.request.user,
            now=self.now,
            hold=self.hold,
        )
        self.counts(sent)
        messages.success(
            self.request, _("Invited. The person and the home employer have been told.")
        )
        return reverse("scheduling:request-detail", args=[self.institution.slug, sent.pk])
