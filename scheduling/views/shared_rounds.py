"""Rounds of a consortium, as its other members see them: that there is one, and their own part."""

from django.http import Http404
from django.utils.functional import cached_property

from resources.views.offers import find
from scheduling.models import MatchingRun
from scheduling.queries.rounds import listed, shared
from scheduling.round_states import RoundState
from scheduling.views.round_figures import label_of
from scheduling.views.round_words import unmet

ROUNDS_SHOWN = 20


class ListsShared:
    """Mixin of the list: those of other members below one's own."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["line"] is None:
            rows = listed.shared_rounds(self.institution)[:ROUNDS_SHOWN]
            context["shared"] = [(row, self.address("round", row.pk)) for row in rows]
        return context


class AlsoShared:
    """Mixin of a page of one round: our own is shown whole; of another member's our part."""

    shared_template = ""

    @cached_property
    def run(self) -> MatchingRun:
        try:
            return super().run
        except Http404:
            return find(shared.round_for(self.institution), pk=self.kwargs["pk"])

    @property
    def is_ours(self) -> bool:
        return self.run.institution_id == self.institution.pk

    def get_template_names(self):
        return super().get_template_names() if self.is_ours else [self.shared_template]

    def shown(self) -> dict:
        return super().shown() if self.is_ours else self._our_part()

    def _our_part(self) -> dict:
        lines = shared.lines_for(self.institution, self.run)
        missing = shared.unmet_for(self.institution, self.run)
        return {
            "kinds": [label_of(code) for code in self.run.kinds],
            "computing": self.run.state in RoundState.UNDER_WAY,
            "lines": lines,
            "unmet": [unmet(row, need_url=self.need_url(row)) for row in missing],
            "answer_url": self.address("proposals"),
        }
