"""The request column: what speaks against it, ways round, the form, the price, one button.

The same beside the search results and as a page of its own.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.local_times import describe_duration, describe_period
from medshare_portal.middleware.institution import NotAllowed
from medshare_portal.models import Site
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission
from medshare_portal.views.pages import ActionPage
from resources.enums import ShareMode
from resources.kinds import kinds
from resources.models import Resource
from scheduling.actions._rules import ReasonMissing
from scheduling.addresses import query
from scheduling.deadlines import answer_time_words
from scheduling.forms.request import REASON, HoldForm, RequestForm
from scheduling.models import SharingRequest
from scheduling.queries.home_zone import active_sites
from scheduling.queries.own_hold import covers, own_hold
from scheduling.queries.related import related_of_any
from scheduling.queries.rule_facts import Wish, context_of
from scheduling.queries.same_wish import with_asked_before
from scheduling.rules import findings_for_request
from scheduling.share_modes import default_mode, modes_of
from scheduling.states import Priority, Transport
from scheduling.timeline.axis import current_zone
from scheduling.verdicts import finding_rows
from scheduling.views.basket_adding import AddsToBasket
from scheduling.views.request_holding import HoldsTime
from scheduling.views.request_sending import sent_or_first
from scheduling.views.request_ways import wait_address, ways_round
from scheduling.views.request_words import checks_passed, sums

HERE_ASKED = "scheduling:request-create"  # other kinds are asked for on pages of their own
HERE, UNIT = Bind("institution", BigIntegerField()), Bind("unit", BigIntegerField())
RESOURCE = Prepared(
    lambda: Resource.objects.visible_to(HERE).filter(pk=UNIT).select_related(*related_of_any())
)


class AsksForOne(HoldsTime, AddsToBasket, ActionPage):
    """A page with the request column for ``unit``; POST sends the request or places a hold.

    Subclasses give ``unit`` (the number of the resource), ``first_wish()`` (times, units and
    urgency before anything was posted) and ``address(**changes)`` (this page with other values of
    unit, starts_at, ends_at and units).
    """

    form_class = RequestForm
    unit: int | None = None

    @property
    def of_kind(self) -> str:
        return self.resource.kind

    @cached_property
    def sites(self) -> list[Site]:
        return active_sites(self.institution)

    @property
    def home(self) -> Site | None:
        return self.sites[0] if self.sites else None

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.home.time_zone) if self.home else current_zone()

    @cached_property
    def resource(self) -> Resource:
        found = RESOURCE.instances(institution=self.institution.pk, unit=self.unit)
        if not found or kinds[found[0].kind].ask_page != HERE_ASKED:
            raise Http404
        return found[0]

    @cached_property
    def modes(self) -> list[ShareMode]:
        return modes_of(self.resource)

    @cached_property
    def wish(self) -> Wish:
        """What would be asked for: as posted where that can be read, else as in the address."""
        values = {"mode": default_mode(self.resource)} | self.first_wish()
        if self.typed is not None:
            values |= self._posted()
        return Wish(resource=self.resource, borrower=self.institution, **values)

    def _posted(self) -> dict:
        form = HoldForm(self.typed, zone=self.zone)
        if not form.is_valid():
            return {}
        values = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "units")}
        mode, priority = form.cleaned_data["mode"], self.typed.get("priority", "")
        if mode in self.modes:
            values["mode"] = mode
        if priority in Priority.values:
            values["priority"] = priority
        return values

    @cached_property
    def rule_context(self):
        """My own hold is not in the way."""
        (wish,) = with_asked_before([replace(self.wish, sharing_request=self.hold)])
        return context_of(wish, now=self.now)

    @cached_property
    def findings(self):
        return findings_for_request(self.rule_context)

    @cached_property
    def hold(self) -> SharingRequest | None:
        """What is held for this wish already, by me or as a place of the wait-list."""
        if not self.may(Permission.ASK):
            return None
        by = self.request.user
        return own_hold(self.resource, self.institution, wished=self.wish, by=by, now=self.now)

    @property
    def shown_hold(self) -> SharingRequest | None:
        """A hold is named beside the time that it holds, and beside no other."""
        return self.hold if self.hold and covers(self.hold, self.wish) else None

    def post(self, request, *args, **kwargs):
        if not self.may(Permission.ASK):
            raise NotAllowed(Permission.ASK, self.institution, self.of_kind)
        return super().post(request, *args, **kwargs)

    def request_form(self, **kwargs) -> RequestForm:
        """As sent: the rules are asked by the action, under the lock.  Before anything was sent,
        and with ``initial``, a form that says which reasons will be needed."""
        offered = {"sites": self.sites, "modes": self.modes, "zone": self.zone}
        if self.request.method == "POST" and not kwargs:
            return RequestForm(self.request.POST, **offered)
        if self.typed is not None and not kwargs:
            form = RequestForm(self.typed, **offered)
            form.is_valid()
            form.ask_reasons(self.findings.warnings)
            return form
        form = RequestForm(initial=kwargs.get("initial") or self.get_initial(), **offered)
        form.ask_reasons(self.findings.warnings)
        return form

    def get_initial(self):
        wish = self.wish
        return {
            "starts_at": wish.starts_at,
            "ends_at": wish.ends_at,
            "units": wish.units,
            "priority": wish.priority,
            "mode": wish.mode,
            "delivery_site": self.home.pk if self.home else None,
            "transport": Transport.BORROWER,
            "hold": self.hold.pk if self.hold else None,
        } | self._as_before()

    def _as_before(self) -> dict:
        """Purpose and place of our own request instead of which this one is made."""
        number = self.request.GET.get("instead_of", "")
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            return {}
        rows = SharingRequest.objects.borrowed_by(self.institution).filter(pk=number)
        before = rows.values("purpose", "delivery_place", "delivery_site").first() or {}
        return {name: value for name, value in before.items() if value}

    def perform(self, form) -> str:
        if self.holds:
            return self.place_hold(form)
        return super().perform(form)

    def send(self, form) -> str:
        sent = sent_or_first(
            self.request,
            resource=self.resource,
            borrower=self.institution,
            terms=form.terms(),
            by=self.request.user,
            now=self.now,
            hold=self.hold,
        )
        self.counts(sent)
        return reverse("scheduling:request-detail", args=[self.institution.slug, sent.pk])

    def forget(self) -> None:
        """Another look: a hold may have come, or somebody's booking."""
        for name in ("rule_context", "findings", "hold"):
            self.__dict__.pop(name, None)

    def refused(self, form, refusal: Refusal):
        """The same page with what was typed, and what the rules say now."""
        self.forget()
        if isinstance(refusal, ReasonMissing):
            return self.form_invalid(form, status=refusal.status)
        return super().refused(form, refusal)

    def form_invalid(self, form, status=422):
        """A form that cannot be sent also says which reasons it lacks."""
        if not self.holds:
            form.ask_reasons(self.findings.warnings)
        return super().form_invalid(form, status=status)

    def column(self, form) -> dict:
        """Context of ``scheduling/request_form/column.html``."""
        findings = self.findings
        rows = finding_rows(findings)
        for row in rows:
            name = REASON + row["code"]
            row["reason_field"] = form[name] if name in form.fields else None
        return {
            "resource": self.resource,
            "ours": self.resource.institution_id == self.institution.pk,
            "form": form,
            "findings": rows,
            "blocked": bool(findings.blocks),
            "passed": checks_passed(self.resource.kind, findings),
            **(ways_round(self) if findings.blocks else {"ways": [], "instead": None}),
            "wait_url": wait_address(self) if findings.blocks else "",
            "may_ask": self.may(Permission.ASK),
            "basket_line": self.basket_line,
            **self._held(),
            "refusal": getattr(self, "refusal", None),
            "offer": self.rule_context.offer,
            "period": self.period_words(self.wish.starts_at, self.wish.ends_at),
            "answer_time": answer_time_words(self.wish.priority),
            "wish": self.wish,
            "zone": self.zone,
            "sums": sums(self.wish, self.rule_context),
            "action": self.request.get_full_path(),
            "series_url": self._series_url(),
        }

    def _series_url(self) -> str:
        """The same wish on several dates."""
        wish = self.wish
        path = reverse("scheduling:series-create", args=[self.institution.slug, wish.resource.pk])
        names = ("starts_at", "ends_at", "units", "priority")
        return f"{path}?{self.query({name: getattr(wish, name) for name in names})}"

    def _held(self) -> dict:
        held = self.shown_hold
        if held is None:
            return {"hold": None}
        left = describe_duration(held.hold_expires_at - self.now)
        period = self.period_words(held.starts_at, held.ends_at)
        return {"hold": held, "hold_left": left, "hold_period": period}

    def period_words(self, starts_at: datetime, ends_at: datetime) -> str:
        return describe_period(starts_at, ends_at, tz=self.zone)

    def query(self, values: dict) -> str:
        """Values as an address writes them; moments in our local clock."""
        return query(values, self.zone)
