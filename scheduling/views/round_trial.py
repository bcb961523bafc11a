"""Try a change on a copy of a round, seen from one of its unmet needs.  Nothing is written."""

from django.http import Http404
from django.utils.functional import cached_property

from medshare_portal.refusals import Refusal
from medshare_portal.views.pages import Page
from resources.views.offers import find
from scheduling.actions.rounds.trying import Copy
from scheduling.forms.round_trial import NEED, TrialForm, questions
from scheduling.models import UnmetNeed
from scheduling.queries.rounds import pages
from scheduling.queries.rounds.draft import key_of
from scheduling.queries.rounds.problem import zone_of_city
from scheduling.queries.rounds.trials import institutions, names_of, offers_for
from scheduling.round_states import RoundState
from scheduling.views.round_words import RULES, unmet
from scheduling.views.rounds import InRounds
from scheduling.views.trial_words import Told, names_wanted, told

WHAT = "what"


class TryOut(InRounds, Page):
    """The questions that may be asked, and, once one is, its answer above them."""

    template_name = "scheduling/rounds/try.html"

    @cached_property
    def row(self) -> UnmetNeed:
        if self.run.state not in RoundState.DONE:
            raise Http404
        return find(pages.unmet_of(self.run), pk=self.kwargs["line"])

    def get(self, request, *args, **kwargs):
        try:
            copy = Copy(self.run, self.row)
        except Refusal as refusal:
            return self.render_to_response(self.get_context_data(refusal=refusal.message))
        forms = self._forms(copy)
        asked = forms.get(request.GET.get(WHAT, ""))
        wrong = asked is not None and not asked.is_valid()
        answer = self._answer(asked) if asked is not None and not wrong else None
        context = self.get_context_data(forms=forms.items(), answer=answer, asked=asked)
        return self.render_to_response(context, status=400 if wrong else 200)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            run=self.run,
            each=unmet(self.row, of_city=self.whose is None),
            round_url=self.address("round", self.run.pk),
            unmet_url=self.address("round-unmet", self.run.pk),
            **kwargs,
        )

    def _forms(self, copy: Copy) -> dict[str, TrialForm]:
        """Bound is the one that was sent; of no offer nothing can be asked."""
        sent, choices = self.request.GET, self._choices(copy)
        given = {"copy": copy, "choices": choices, "zone": zone_of_city()}
        return {
            what: form(
                sent if sent.get(WHAT) == what else None,
                prefix=what,
                initial=self._initial(copy),
                **given,
            )
            for what, form in questions(copy).items()
            if "offer" not in form.base_fields or choices["offer"]
        }

    def _choices(self, copy: Copy) -> dict[str, list]:
        keys = {key_of(ref): ref for ref in copy.offers}
        rows = offers_for(self.whose).in_bulk(list(keys))
        known = [(ref, rows[pk]) for pk, ref in keys.items() if pk in rows]
        others = {row.id for row in copy.problem.institutions} - {copy.need.institution}
        return {
            "rule": [(code, RULES.get(code, code)) for code in copy.rules],
            "offer": [
                (ref, f"{row.code} · {row.name} · {row.institution.name}") for ref, row in known
            ],
            "institution": [(row.slug, row.name) for row in institutions(others)],
        }

    def _initial(self, copy: Copy) -> dict:
        """What the need itself asks for."""
        need, relax = self.row.need, self.row.data.get("relax") or {}
        return {
            "rule": relax.get("code"),
            "whose": NEED,
            "starts_at": need.starts_at,
            "ends_at": need.ends_at,
            "packs": self.row.quantity,
        }

    def _answer(self, form: TrialForm) -> Told:
        trial = form.tried()
        needs, offers, hospitals = names_wanted(trial)
        names = names_of(self.run, self.whose, needs=needs, offers=offers, hospitals=hospitals)
        return told(trial, names, str(form.nothing))
