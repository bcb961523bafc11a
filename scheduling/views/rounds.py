"""Matching rounds: the list, a round while it is computed and after, what stayed unmet.

The same pages serve the city's officials and a hospital with a round over its own needs; ``whose``
says which.
"""

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from medshare_portal.models import Consortium
from medshare_portal.roles import Permission, kinds_allowing
from medshare_portal.views.pages import ActionPage, Page
from resources.views.offers import find
from scheduling.actions.rounds import ordering
from scheduling.forms.rounds import RoundForm
from scheduling.models import MatchingRun
from scheduling.queries.rounds import listed, pages
from scheduling.queries.rounds.lines import numbers
from scheduling.queries.rounds.members import consortia_of
from scheduling.queries.rounds.of_kind import codes_in_rounds
from scheduling.queries.rounds.trials import offers_for
from scheduling.round_states import PLANNED, ProposalState, RoundAim, RoundScope, RoundState
from scheduling.views.round_figures import figures_of, label_of
from scheduling.views.round_lines import table_of
from scheduling.views.round_map import flows
from scheduling.views.round_upkeep import upkeep_for
from scheduling.views.round_words import Unmet, unmet
from scheduling.views.supply_words import unused

ROWS, UNMET_SHOWN = 50, 4
TEMPLATES = {
    RoundState.QUEUED: "scheduling/rounds/under_way.html",
    RoundState.RUNNING: "scheduling/rounds/under_way.html",
    RoundState.FAILED: "scheduling/rounds/failed.html",
    RoundState.PROPOSED: "scheduling/rounds/round.html",
    RoundState.PUBLISHED: "scheduling/rounds/round.html",
}


class OfCity:
    """Rounds of the city."""

    permission = Permission.RUN_MATCHING
    whose = None
    whole = RoundScope.CITY

    def address(self, name: str, *args) -> str:
        return reverse(f"city:{name}", args=args)

    def need_url(self, row) -> str:
        """The page of a need is its hospital's."""
        return ""

    @property
    def consortia(self):
        """Those whose rounds may be ordered here."""
        return Consortium.objects.order_by("slug", "pk")

    @property
    def codes(self) -> list[str]:
        """The kinds that may be matched."""
        return codes_in_rounds()


class OfHospital:
    """The rounds that a hospital runs, over its own needs or those of its consortia."""

    permission = Permission.ASK
    of_kind = None
    whole = RoundScope.INSTITUTION

    @property
    def whose(self):
        return self.institution

    def address(self, name: str, *args) -> str:
        return reverse(f"scheduling:{name}", args=[self.institution.slug, *args])

    def need_url(self, row) -> str:
        """Of our own needs; what another member needs may have ended by now."""
        ours = row.institution_id == self.institution.pk
        return self.address("need-detail", row.need_id) if ours else ""

    @property
    def consortia(self):
        return consortia_of(self.institution, self.now)

    @property
    def codes(self) -> list[str]:
        allowed = kinds_allowing(Permission.ASK, self.request.roles)
        return [code for code in codes_in_rounds() if code in allowed]


class InRounds:
    """What each of these pages knows."""

    @cached_property
    def run(self) -> MatchingRun:
        return find(pages.rounds_of(self.whose), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(rounds_url=self.address("rounds"), **kwargs)

    def _unmet(self, row) -> Unmet:
        try_url = self.address("round-try", row.run_id, row.pk)
        return unmet(row, try_url, self.need_url(row), of_city=self.whose is None)


class Rounds(InRounds, Page):
    template_name = "scheduling/rounds/list.html"

    def get_context_data(self, **kwargs):
        line = self._line
        rows = listed.line_of(self.whose, line) if line else listed.current_rounds(self.whose)
        rows = pages.with_numbers(rows)
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("page"))
        shown = list(page.object_list)
        earlier = {} if line else listed.earlier_numbers(self.whose, shown)
        return super().get_context_data(
            rows=[(row, self.address("round", row.pk), earlier.get(row.pk, 0)) for row in shown],
            line=line,
            query=f"line={line.pk}&" if line else "",
            page=page,
            order_url=self.address("round-order"),
            **kwargs,
        )

    @cached_property
    def _line(self) -> MatchingRun | None:
        """The round whose line is to be shown whole."""
        key = self.request.GET.get("line", "")
        return find(pages.rounds_of(self.whose), pk=key) if key.isdecimal() else None


class OrderRound(InRounds, ActionPage):
    form_class = RoundForm
    title = gettext_lazy("New matching round")
    submit_label = gettext_lazy("Propose")

    @cached_property
    def parent(self) -> MatchingRun | None:
        """The round that is run again."""
        key = self.request.GET.get("again", "")
        return find(pages.rounds_of(self.whose), pk=key) if key.isdecimal() else None

    def get_form_kwargs(self):
        known = {"codes": self.codes, "whole": self.whole, "consortia": self.consortia}
        return super().get_form_kwargs() | known

    def get_initial(self):
        run = self.parent
        if run is None:
            return {"kinds": self.codes}
        scope = f"consortium-{run.consortium_id}" if run.consortium_id else run.scope
        days = (run.ends_at - run.starts_at).days
        fairness = f"{run.fairness.normalize():f}"
        aims = [aim for aim in RoundAim if aim not in run.left_out]
        known = {"scope": scope, "kinds": run.kinds, "days": days}
        return known | {"fairness": fairness, "aims": aims}

    def get_context_data(self, **kwargs):
        intro = gettext_lazy("Needs meet offers by urgency, fairness, number, waste and distance.")
        if self.parent:
            intro = gettext_lazy("Pinned proposals are kept; what was struck stays out.")
        return super().get_context_data(intro=intro, cancel_url=self.address("rounds"), **kwargs)

    def perform(self, form) -> str:
        run = ordering.order(
            terms=form.terms(),
            institution=self.whose,
            parent=self.parent,
            by=self.request.user,
            now=self.now,
        )
        return self.address("round", run.pk)


class Round(InRounds, Page):
    """While it is computed: how far it is.  Then: figures, proposals, what stayed unmet."""

    def get_template_names(self):
        return [TEMPLATES[RoundState(self.run.state)]]

    def get(self, request, *args, **kwargs):
        """What fetches the progress again is sent to the whole page once there is more."""
        response = super().get(request, *args, **kwargs)
        if request.htmx and self.run.state not in RoundState.UNDER_WAY:
            response.headers["HX-Refresh"] = "true"
        filtered = response.context_data.get("form")
        if filtered is not None and filtered.errors:
            response.status_code = 400
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(run=self.run, **kwargs) | self.shown()

    def shown(self) -> dict:
        """What the template of its state says."""
        context = {
            "stop_url": self.address("round-stop", self.run.pk),
            "again_url": f"{self.address('round-order')}?again={self.run.pk}",
            "progress": progress_of(self.run),
            "planned": is_planned(self.run),
        }
        if self.run.state in RoundState.DONE:
            context |= self._results()
        return context

    def _results(self) -> dict:
        rows, missing = pages.lines_of(self.run), pages.unmet_of(self.run)
        return table_of(self.run, self.request.GET, self) | {
            "figures": figures_of(self.run),
            "upkeep": upkeep_for(self.run, self.address),
            "flows": flows(rows.exclude(state=ProposalState.STRUCK)),
            "counts": self._counts(rows),
            "may_change": self.run.state == RoundState.PROPOSED,
            "publish_url": self.address("round-publish", self.run.pk),
            "unmet_url": self.address("round-unmet", self.run.pk),
            "unmet": [self._unmet(row) for row in missing[:UNMET_SHOWN]],
            "unmet_number": missing.count(),
            "unused": unused(self.run.results.get("supply", ()), self._offers()),
        }

    def _offers(self) -> dict:
        """Of those that found nobody what the reader may be told of."""
        keys = {row["offer"] for row in self.run.results.get("supply", ())}
        return offers_for(self.whose).in_bulk(keys) if keys else {}

    def _counts(self, rows) -> dict[str, int]:
        found = numbers(rows)
        return found | {"kept": found["all"] - found[ProposalState.STRUCK]}


def progress_of(run: MatchingRun) -> list[tuple[str, str, int, int]]:
    """(kind, phase, percent, needs served) of each kind, in the order in which they are solved."""
    found = []
    for code in run.kinds:
        phase, done, served = run.progress.get(code, ["", 0, 0])
        found.append((label_of(code), phase, round(100 * done), served))
    return found


def is_planned(run: MatchingRun) -> bool:
    """Whether every kind has its plan, which is being checked and explained."""
    phases = [run.progress.get(code, ["", 0, 0])[0] for code in run.kinds]
    return all(phase == PLANNED for phase in phases)


class UnmetNeeds(InRounds, Page):
    template_name = "scheduling/rounds/unmet.html"

    def get_context_data(self, **kwargs):
        page = Paginator(pages.unmet_of(self.run), ROWS).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            run=self.run,
            page=page,
            rows=[self._unmet(row) for row in page.object_list],
            round_url=self.address("round", self.run.pk),
            **kwargs,
        )
