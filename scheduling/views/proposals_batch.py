"""Several ticked proposals, answered each by itself: what was done, what was not and why."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medshare_portal.findings import Findings
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, kinds_allowing
from scheduling.actions import batches
from scheduling.actions.rounds import answering
from scheduling.forms.batches import ticks
from scheduling.forms.round_batch import ACCEPT, DECLINE, AnswersForm
from scheduling.models import Proposal
from scheduling.queries.home_zone import active_sites
from scheduling.queries.rounds import pages
from scheduling.round_states import ProposalState, RoundDecline
from scheduling.verdicts import finding_rows
from scheduling.views.accepting import Accepting, Answer, OutOfDate, resources_for
from scheduling.views.batch import BatchPage
from scheduling.views.proposal_words import told_to


class Row:
    """One ticked proposal; ``accepting`` None: it cannot be accepted, it can be declined."""

    def __init__(self, proposal: Proposal, accepting: Accepting | None, now):
        self.proposal, self.accepting, self.pk = proposal, accepting, proposal.pk
        self.waits = proposal.state == ProposalState.PUBLISHED and proposal.expires_at > now
        self.refusal: Refusal | None = None
        self.form: AnswersForm | None = None

    @cached_property
    def _findings(self) -> Findings:
        return self.accepting.findings if self.accepting and self.waits else Findings()

    @property
    def told(self) -> dict:
        return told_to(self.proposal, None)

    @property
    def warnings(self) -> list:
        return self._findings.passable

    @property
    def asks_agreement(self) -> bool:
        return bool(self.accepting and self.accepting.asks_agreement)

    @property
    def findings(self) -> list:
        """Each with the field for the reason by which it is passed."""
        fields = self.form.reason_fields(self.pk) if self.form else {}
        return [(row, fields.get(row["code"])) for row in finding_rows(self._findings)]


class AnswerProposals(BatchPage):
    """Accept or decline what is ticked for our needs."""

    permission = Permission.ASK
    side = "borrower"
    codes = RoundDecline.OF_BORROWER
    template_name = "scheduling/rounds/batch.html"
    title = _("Answer several proposals")
    form_class = AnswersForm

    @cached_property
    def sites(self) -> list:
        return active_sites(self.institution)

    @cached_property
    def rows(self) -> list[Row]:
        keys = list(ticks(self.ticked))[: batches.MOST]
        kinds = kinds_allowing(self.permission, self.request.roles)
        found = list(pages.ticked(self.institution, self.side, keys, kinds))
        things = self._resources([row.resource_id for row in found])
        return [Row(row, self._accepting(row, things), self.now) for row in found]

    def _resources(self, keys: list[int]) -> dict:
        return resources_for(self.institution).in_bulk(keys)

    def _accepting(self, row: Proposal, things: dict) -> Accepting | None:
        if row.resource_id not in things:
            return None
        where = {"institution": self.institution, "by": self.request.user, "now": self.now}
        return Accepting(row, things[row.resource_id], sites=self.sites, **where)

    @property
    def declines(self) -> bool:
        return super().declines or not self.sites

    def form_terms(self) -> dict:
        waiting = [row for row in self.rows if row.waits]
        return super().form_terms() | {"rows": waiting, "codes": self.codes, "sites": self.sites}

    def shown(self, rows: list[Row], form, refused: Mapping[int, Refusal]) -> list[Row]:
        for row in rows:
            row.form, row.refusal = form, refused.get(row.pk)
        return rows

    def shown_done(self, done: list[Row]) -> list[Proposal]:
        return [row.proposal for row in done]

    @property
    def back_url(self) -> str:
        return reverse("scheduling:proposals", args=[self.institution.slug])

    def answer_each(self, form, sent: batches.Sent) -> dict[int, Refusal]:
        """Why not, of those that were not done."""
        answer = self._accept if form.cleaned_data["do"] == ACCEPT else self._decline
        refusals = {
            row.pk: batches.once(row.pk, sent, lambda row=row: answer(row, form))
            for row in self.rows
        }
        return {pk: refusal for pk, refusal in refusals.items() if refusal is not None}

    def _accept(self, row: Row, form) -> None:
        if row.accepting is None:
            raise OutOfDate
        values = form.cleaned_data
        row.accepting.accept(
            Answer(
                site=values["site"] or row.accepting.usual_site,
                purpose=values["purpose"] or row.accepting.usual_purpose,
                agreement=values["agreement_accepted"],
                accepted=form.accepted(row.pk),
            )
        )

    def _decline(self, row: Row, form) -> None:
        answering.decline(
            proposal=row.proposal,
            institution=self.institution,
            reason_code=form.cleaned_data["reason_code"],
            text=form.cleaned_data["text"],
            by=self.request.user,
            now=self.now,
        )

    @staticmethod
    def words(number: int, decision: str) -> str:
        if decision == DECLINE:
            words = ngettext("%(n)s proposal declined.", "%(n)s proposals declined.", number)
        else:
            words = ngettext(
                "%(n)s proposal accepted; its owner has the request.",
                "%(n)s proposals accepted; their owners have the requests.",
                number,
            )
        return words % {"n": number}


class RefuseProposals(AnswerProposals):
    """Decline what is ticked of what is proposed from us."""

    permission = Permission.DECIDE
    side = "owner"
    codes = RoundDecline.OF_OWNER
    title = _("Decline several proposals")
    sites = ()

    def _accepting(self, row: Proposal, things: dict) -> None:
        return None

    def _resources(self, keys: list[int]) -> dict:
        return {}
