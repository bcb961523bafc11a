"""Steps of whoever runs a round: stop, pin, strike, restore, publish."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medshare_portal.refusals import Refusal
from medshare_portal.views.pages import ActionPage
from resources.forms.plain import NothingForm
from resources.views.offers import find
from scheduling.actions.rounds import deciding, ordering, publishing, renewing
from scheduling.forms.rounds import StrikeForm
from scheduling.models import Proposal
from scheduling.queries.rounds import pages
from scheduling.queries.rounds.current import line_from, upkeep_of
from scheduling.round_states import ProposalState, RoundState
from scheduling.views.rounds import InRounds


class RoundStep(InRounds, ActionPage):
    """A step that leads back to the round."""

    form_class = NothingForm
    template_name = "generic/confirm.html"
    before_telling = False  # a step with what nobody has been told yet

    def get(self, request, *args, **kwargs):
        if self.before_telling and self.run.state == RoundState.PUBLISHED:
            return self._told_already(deciding.AlreadyTold.message)
        return super().get(request, *args, **kwargs)

    def _told_already(self, message):
        messages.warning(self.request, message)
        return HttpResponseRedirect(self.round_url)

    @property
    def round_url(self) -> str:
        return self.address("round", self.run.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.round_url, **kwargs)

    def refused(self, form, refusal: Refusal):
        """What was published in another window meanwhile is shown, not asked about again."""
        if isinstance(refusal, deciding.AlreadyTold):
            return self._told_already(refusal.message)
        return super().refused(form, refusal)


class StopRound(RoundStep):
    title = gettext_lazy("Stop the round")

    @property
    def submit_label(self):
        return _("Stop, keep the best plan so far") if self.run.started_at else _("Stop")

    def get_context_data(self, **kwargs):
        question = _("Stop computing? The best plan so far becomes the proposal.")
        if not self.run.started_at:
            question = _("Stop it before it begins? Nothing is computed then.")
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form) -> str:
        ordering.stop(run=self.run, by=self.request.user, now=self.now)
        self.run.refresh_from_db(fields=["state"])
        words = _("The round stops at its next step.")
        if self.run.state == RoundState.FAILED:
            words = _("The round is taken out of the queue.")
        messages.success(self.request, words)
        return self.round_url


class KeepRound(RoundStep):
    """Keep the scope of a round up to date from now on, or no longer."""

    @cached_property
    def is_kept(self) -> bool:
        return upkeep_of(self.run).is_kept

    @property
    def title(self):
        return _("Stop keeping it up to date") if self.is_kept else _("Keep up to date")

    @property
    def submit_label(self):
        return self.title

    def get_context_data(self, **kwargs):
        question = _("Bring this round up to date at night and after changes?")
        consequences = [
            _("Each revision is a round of its own that takes the place of the one before."),
            _("What was agreed or waits for an answer stays; what was proposed stays if it can."),
            _("Nothing is published by itself: people still decide."),
        ]
        if self.is_kept:
            question, consequences = _("No longer bring this round up to date?"), []
        return super().get_context_data(question=question, consequences=consequences, **kwargs)

    def perform(self, form) -> str:
        kept, run = self.is_kept, self.run
        if kept:
            run = next(row for row in line_from(self.run) if row.keeps_current)
        renewing.keep_current(run=run, wanted=not kept, by=self.request.user, now=self.now)
        said = _("It is no longer kept up to date.") if kept else _("It is kept up to date.")
        messages.success(self.request, said)
        return self.round_url


class OfProposal(RoundStep):
    """A step with one line of the round."""

    before_telling = True

    @cached_property
    def proposal(self) -> Proposal:
        return find(pages.lines_of(self.run).select_related("run"), pk=self.kwargs["line"])

    @property
    def line_url(self) -> str:
        return f"{self.round_url}#{self.proposal.reference}"

    @property
    def what(self) -> str:
        return f"{self.proposal.reference}, {self.proposal.name}"


class PinProposal(OfProposal):
    title = gettext_lazy("Pin the proposal")
    submit_label = gettext_lazy("Pin")

    def get_context_data(self, **kwargs):
        question = _("Keep %(what)s as it is when the round is run again?") % {"what": self.what}
        if self.proposal.pinned:
            question = _("Let the next run change %(what)s?") % {"what": self.what}
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form) -> str:
        deciding.pin(
            proposal=self.proposal,
            pinned=not self.proposal.pinned,
            by=self.request.user,
            now=self.now,
        )
        return self.line_url


class StrikeProposal(OfProposal):
    form_class = StrikeForm
    template_name = "generic/form.html"
    title = gettext_lazy("Strike the proposal")
    submit_label = gettext_lazy("Strike")

    def get_context_data(self, **kwargs):
        return super().get_context_data(intro=self.what, **kwargs)

    def perform(self, form) -> str:
        deciding.strike(
            proposal=self.proposal,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=self.now,
        )
        return self.line_url


class RestoreProposal(OfProposal):
    title = gettext_lazy("Restore the proposal")
    submit_label = gettext_lazy("Restore")

    def get_context_data(self, **kwargs):
        question = _("Take %(what)s into the round again?") % {"what": self.what}
        return super().get_context_data(question=question, **kwargs)

    def perform(self, form) -> str:
        deciding.restore(proposal=self.proposal, by=self.request.user, now=self.now)
        return self.line_url


class PublishRound(RoundStep):
    before_telling = True
    title = gettext_lazy("Publish the round")
    submit_label = gettext_lazy("Publish")

    def get_context_data(self, **kwargs):
        number = pages.lines_of(self.run).filter(state=ProposalState.PROPOSED).count()
        question = ngettext(
            "Publish %(n)s proposal? Both hospitals are told at once and answer it.",
            "Publish %(n)s proposals? The hospitals are told at once and answer line by line.",
            number,
        )
        return super().get_context_data(question=question % {"n": number}, **kwargs)

    def perform(self, form) -> str:
        number = publishing.publish(run=self.run, by=self.request.user, now=self.now)
        published = ngettext(
            "%(n)s proposal is published.", "%(n)s proposals are published.", number
        )
        messages.success(self.request, published % {"n": number})
        return self.round_url
