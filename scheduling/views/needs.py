"""Needs: the list, one need."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_moment, describe_period
from medshare_portal.roles import Permission, Rights, kinds_allowing, rights_of
from medshare_portal.views.pages import Page
from resources.kinds import kinds as catalogue_kinds
from resources.views.offers import find
from scheduling.addresses import query as address_query
from scheduling.forms.find import FindForm
from scheduling.kinds import kinds as workflow_kinds
from scheduling.models import Need, NeedState
from scheduling.queries import needs as queries
from scheduling.queries.home_zone import active_sites, home_zone
from scheduling.queries.need_matching import booked_for
from scheduling.queries.rounds.history_of_need import left_by_last_round
from scheduling.queries.rounds.one_need import who_could_serve
from scheduling.queries.rounds.suitable import Suitable
from scheduling.queries.rounds.wanted import of_need
from scheduling.views.need_ways import codes_of, ways_on
from scheduling.views.ranked_rows import ranking_for
from scheduling.views.round_words import Unmet, unmet

TONES = {
    NeedState.OPEN: "waiting",
    NeedState.MET: "ok",
    NeedState.WITHDRAWN: "neutral",
    NeedState.EXPIRED: "bad",
}


def row_of(need: Need, zone: ZoneInfo, have=None, *, rights: Rights = frozenset()) -> dict:
    """A need as a row; ``have``: our resource that could serve it, ``rights`` the reader's."""
    return {
        "need": need,
        "have": have,
        "answered": getattr(need, "answered", False),
        "may_answer": (Permission.PUBLISH_OFFER, need.kind) in rights,
        "when": when(need, zone),
        "tone": TONES[NeedState(need.state)],
        "kind": catalogue_kinds[need.kind].label,
    }


def when(need: Need, zone: ZoneInfo) -> str:
    if need.starts_at:
        return describe_period(need.starts_at, need.ends_at, tz=zone)
    return _("by %(moment)s") % {"moment": describe_moment(need.needed_by, tz=zone)}


class InOurClock:
    """Our sites and the clock of the main one."""

    @cached_property
    def sites(self) -> list:
        return active_sites(self.institution)

    @cached_property
    def zone(self) -> ZoneInfo:
        return home_zone(self.institution)

    @property
    def list_url(self) -> str:
        return reverse("scheduling:needs", args=[self.institution.slug])


class PostsNeeds(InOurClock):
    """Where our needs are, by which clock, and of which kinds the reader may ask for."""

    permission = Permission.ASK

    @cached_property
    def form_terms(self) -> dict:
        """``kinds`` in the order of the catalogue."""
        allowed = kinds_allowing(Permission.ASK, self.request.roles)
        kinds = [code for code in catalogue_kinds.names() if code in allowed]
        return {"sites": self.sites, "zone": self.zone, "kinds": kinds}


class NeedList(InOurClock, Page):
    permission = Permission.VIEW
    template_name = "scheduling/needs/list.html"

    def get_context_data(self, **kwargs):
        served, rights = queries.served(self.institution), rights_of(self.request.roles)
        others = queries.of_others(self.institution, {need.pk for need, _have in served})
        return super().get_context_data(
            served=[row_of(need, self.zone, have, rights=rights) for need, have in served],
            others=[row_of(need, self.zone) for need in others],
            ours=[row_of(need, self.zone) for need in queries.own_open(self.institution)],
            ended=[row_of(n, self.zone) for n in queries.own_ended(self.institution, self.now)],
            may_ask=self.may(Permission.ASK),
            **kwargs,
        )


class OfNeed(InOurClock):
    """The need in the address: one that we may read; ``own`` narrows to those we posted."""

    own = True

    @property
    def of_kind(self) -> str:
        return self.need.kind

    @cached_property
    def need(self) -> Need:
        found = find(queries.visible_need(self.institution), pk=self.kwargs["pk"])
        if self.own and found.institution_id != self.institution.pk:
            raise Http404
        return found

    @property
    def need_url(self) -> str:
        return reverse("scheduling:need-detail", args=[self.institution.slug, self.need.pk])


class NeedDetail(OfNeed, Page):
    """Ours with history and answers; another's with what we answered."""

    permission = Permission.VIEW
    template_name = "scheduling/needs/detail.html"
    own = False

    def get_context_data(self, **kwargs):
        need = self.need
        ours = need.institution_id == self.institution.pk
        return super().get_context_data(
            row=row_of(need, self.zone),
            need=need,
            found=booked_for(need) if ours and need.quantity > 1 else 0,
            crumbs=[{"label": _("Needs"), "url": self.list_url}],
            ours=ours,
            zone=self.zone,
            helping=self._helping() if ours else [],
            asked=queries.asked_from(need) if ours else [],
            serving=self._serving() if ours and need.state == NeedState.OPEN else None,
            left=self._left() if ours and need.state == NeedState.OPEN else None,
            answers=[] if ours else queries.own_answers(need, self.institution),
            may_take_back=need.state == NeedState.OPEN and self.may(Permission.PUBLISH_OFFER),
            amendments=self._amendments() if ours else [],
            may_ask=self.may(Permission.ASK),
            may_answer=not ours
            and need.state == NeedState.OPEN
            and self.may(Permission.PUBLISH_OFFER),
            **kwargs,
        )

    def _helping(self) -> list[dict]:
        return [
            {"one": one, "ask_url": self._ask_url(one.answer.resource)}
            for one in queries.answers_to(self.need)
        ]

    def _serving(self) -> dict | None:
        """Who could serve what is missing, ranked; None where nothing is, or the kind has no
        matcher."""
        if not workflow_kinds[self.need.kind].in_rounds:
            return None
        wanted = of_need(self.need, now=self.now)
        if not wanted.missing:
            return None
        found = who_could_serve(wanted, now=self.now)
        ways = ways_on(self.need, codes_of(found)) if self.may(Permission.ASK) else []
        ranking = ranking_for(wanted, found, ask=self._ask_for, zone=self.zone, now=self.now)
        return ranking | {"ways": ways}

    def _left(self) -> Unmet | None:
        """Why the last matching round that looked at it found nothing, or not enough."""
        row = left_by_last_round(self.need)
        return row and unmet(row)

    def _ask_for(self, one: Suitable) -> str:
        return self._ask_url(one.resource, one.quantity, (one.starts_at, one.ends_at))

    def _ask_url(self, resource, quantity: int | None = None, times=None) -> str:
        """The kind's own page that asks for the resource, the times filled in where it takes
        them."""
        kind, need = catalogue_kinds[resource.kind], self.need
        url = reverse(kind.ask_page, args=[self.institution.slug, resource.pk])
        starts_at, ends_at = times or self._times()
        wish = {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "units": quantity or min(self._still_needed(), resource.units),
            "quantity": quantity or self._still_needed(),
            "site": need.site_id,
            "priority": need.priority,
            "need": need.pk,
        }
        return f"{url}?{address_query(wish, self.zone)}"

    def _times(self) -> tuple[datetime, datetime]:
        """Of a need by a moment: from then on for a day, or sooner as the form has it."""
        if self.need.starts_at:
            return self.need.starts_at, self.need.ends_at
        starts_at = min(self.need.needed_by, FindForm.first_values(self.now)["starts_at"])
        return starts_at, starts_at + timedelta(days=1)

    def _still_needed(self) -> int:
        return max(1, self.need.quantity - int(booked_for(self.need)))

    def _amendments(self) -> list[dict]:
        return [
            {"amendment": one, "lines": [self._line(*pair) for pair in one.changes.items()]}
            for one in queries.amendments_of(self.need)
        ]

    def _line(self, name: str, values: list[str]) -> dict:
        label = str(Need._meta.get_field(name).verbose_name)
        before, after = (value or "–" for value in values)
        return {"label": label, "before": before, "after": after}
