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
from scheduling.queries.rounds import pages
from scheduling.queries.rounds.of_kind import codes_in_rounds
from scheduling.round_states import ProposalState, RoundState
from scheduling.views.round_figures import figures_of, label_of
from scheduling.views.round_map import flows
from scheduling.views.round_words import URGENCIES, effects, unmet, why

ROWS, UNMET_SHOWN = 50, 4
TEMPLATES = {
    RoundState.QUEUED: "scheduling/rounds/under_way.html",
    RoundState.RUNNING: "scheduling/rounds/under_way.html",
    RoundState.FAILED: "scheduling/rounds/failed.html",
    RoundState.PROPOSED: "scheduling/rounds/round.html",
    RoundState.PUBLISHED: "scheduling/rounds/round.html",
}
SHOWN = {"pinned": {"pinned": True}, "struck": {"state": ProposalState.STRUCK}}


class OfCity:
    """Rounds of the city."""

    permission = Permission.RUN_MATCHING
    whose = None

    def address(self, name: str, *args) -> str:
        return reverse(f"city:{name}", args=args)

    @property
    def codes(self) -> list[str]:
        """The kinds that may be matched."""
        return codes_in_rounds()


class OfHospital:
    """A hospital's rounds over its own needs."""

    permission = Permission.ASK
    of_kind = None

    @property
    def whose(self):
        return self.institution

    def address(self, name: str, *args) -> str:
        return reverse(f"scheduling:{name}", args=[self.institution.slug, *args])

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


class Rounds(InRounds, Page):
    template_name = "scheduling/rounds/list.html"

    def get_context_data(self, **kwargs):
        rows = pages.with_numbers(pages.rounds_of(self.whose))
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            rows=[(row, self.address("round", row.pk)) for row in page.object_list],
            page=page,
            order_url=self.address("round-order"),
            **kwargs,
        )


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
        consortia = None if self.whose else Consortium.objects.order_by("slug", "pk")
        return super().get_form_kwargs() | {"codes": self.codes, "consortia": consortia}

    def get_initial(self):
        run = self.parent
        if run is None:
            return {"kinds": self.codes}
        scope = f"consortium-{run.consortium_id}" if run.consortium_id else run.scope
        days = (run.ends_at - run.starts_at).days
        fairness = f"{run.fairness.normalize():f}"
        return {"scope": scope, "kinds": run.kinds, "days": days, "fairness": fairness}

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
        return response

    def get_context_data(self, **kwargs):
        context = super().get_context_data(run=self.run, **kwargs)
        context |= {
            "stop_url": self.address("round-stop", self.run.pk),
            "again_url": f"{self.address('round-order')}?again={self.run.pk}",
            "progress": progress_of(self.run),
        }
        if self.run.state in RoundState.DONE:
            context |= self._results()
        return context

    def _results(self) -> dict:
        rows = pages.lines_of(self.run)
        chosen = self.request.GET.get("show", "")
        page = Paginator(rows.filter(**SHOWN.get(chosen, {})), ROWS).get_page(
            self.request.GET.get("page")
        )
        missing = pages.unmet_of(self.run)
        return {
            "figures": figures_of(self.run),
            "flows": flows(rows.exclude(state=ProposalState.STRUCK)),
            "groups": _grouped(page.object_list, self),
            "page": page,
            "show": chosen if chosen in SHOWN else "",
            "query": f"show={chosen}&" if chosen in SHOWN else "",
            "counts": self._counts(rows),
            "may_change": self.run.state == RoundState.PROPOSED,
            "publish_url": self.address("round-publish", self.run.pk),
            "unmet_url": self.address("round-unmet", self.run.pk),
            "unmet": [unmet(row) for row in missing[:UNMET_SHOWN]],
            "unmet_number": missing.count(),
        }

    def _counts(self, rows) -> dict[str, int]:
        struck = rows.filter(state=ProposalState.STRUCK).count()
        every = rows.count()
        return {
            "all": every,
            "struck": struck,
            "pinned": rows.filter(pinned=True).count(),
            "kept": every - struck,
        }


def _grouped(rows, page) -> list[dict]:
    """Lines by urgency, each with its words and addresses."""
    groups: dict[int, list] = {}
    for row in rows:
        line = {
            "row": row,
            "why": why(row),
            "effects": effects(row),
            "pin_url": page.address("proposal-pin", row.run_id, row.pk),
            "strike_url": page.address("proposal-strike", row.run_id, row.pk),
            "restore_url": page.address("proposal-restore", row.run_id, row.pk),
        }
        groups.setdefault(row.urgency, []).append(line)
    return [
        {"words": URGENCIES[level][0], "icon": URGENCIES[level][1], "lines": lines}
        for level, lines in groups.items()
    ]


def progress_of(run: MatchingRun) -> list[tuple[str, str, int, int]]:
    """(kind, phase, percent, needs served) of each kind, in the order in which they are solved."""
    found = []
    for code in run.kinds:
        phase, done, served = run.progress.get(code, ["", 0, 0])
        found.append((label_of(code), phase, round(100 * done), served))
    return found


class UnmetNeeds(InRounds, Page):
    template_name = "scheduling/rounds/unmet.html"

    def get_context_data(self, **kwargs):
        page = Paginator(pages.unmet_of(self.run), ROWS).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            run=self.run,
            page=page,
            rows=[unmet(row) for row in page.object_list],
            round_url=self.address("round", self.run.pk),
            **kwargs,
        )
