"""Several ticked proposals, answered each by itself: what was done, what was not and why."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medshare_portal import submissions
from medshare_portal.findings import Findings
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Permission, kinds_allowing
from medshare_portal.views.pages import ActionPage
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

LOOK = "look"  # the button that shows the ticked ones and answers nothing


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


class AnswerProposals(ActionPage):
    """Accept or decline what is ticked for our needs.  One that fails stays ticked and says why."""

    permission = Permission.ASK
    side = "borrower"
    codes = RoundDecline.OF_BORROWER
    template_name = "scheduling/rounds/batch.html"
    title = _("Answer several proposals")
    form_class = AnswersForm

    @property
    def ticked(self) -> list[str]:
        return self.request.POST.getlist("pk")

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

    def get_form_kwargs(self):
        return super().get_form_kwargs() | self._form_terms()

    def _form_terms(self) -> dict:
        return {
            "ticked": self.ticked,
            "known": {row.pk for row in self.rows},
            "rows": [row for row in self.rows if row.waits],
            "codes": self.codes,
            "sites": self.sites,
        }

    def post(self, request, *args, **kwargs):
        """A button of the list first shows what is ticked and asks; nothing is answered."""
        if LOOK not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.render_to_response(
            self.get_context_data(form=AnswersForm(**self._form_terms()))
        )

    def get_context_data(self, **kwargs):
        sent, form = self.request.POST, kwargs.get("form")
        for row in self.rows:
            row.form = form
        declines = DECLINE in (sent.get(LOOK), sent.get("do")) or not self.sites
        known = {"rows": self.rows, "done": [], "refused": 0}
        return super().get_context_data(declines=declines, list_url=self.list_url, **known | kwargs)

    @property
    def list_url(self) -> str:
        return reverse("scheduling:proposals", args=[self.institution.slug])

    def form_valid(self, form):
        try:
            refused = self._answer(form)
        except submissions.KeyMissing as refusal:
            return self.refused(form, refusal)
        done = [row.proposal for row in self.rows if row.pk not in refused]
        if not refused:
            messages.success(self.request, self._words(len(done), form.cleaned_data["do"]))
            return HttpResponseRedirect(self.list_url)
        del self.rows  # what is shown is what is there now
        left = [row for row in self.rows if row.pk in refused]
        for row in left:
            row.refusal = refused[row.pk]
        fresh = AnswersForm(self.request.POST, **self._form_terms())
        context = self.get_context_data(form=fresh, rows=left, done=done, refused=len(refused))
        return self.render_to_response(context, status=200 if done else 409)

    def _answer(self, form) -> dict[int, Refusal]:
        """Why not, of those that were not done."""
        sent = batches.Sent(
            by=self.request.user,
            key=self.request.POST.get(submissions.FIELD, ""),
            digest=submissions.digest_of(self.request.path, self.request.POST),
            now=self.now,
        )
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
    def _words(number: int, decision: str) -> str:
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
