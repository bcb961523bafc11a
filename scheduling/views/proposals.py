"""A hospital answers the published proposals of matching rounds, line by line."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medshare_portal.findings import Findings
from medshare_portal.roles import Permission, kinds_allowing
from medshare_portal.views.pages import ActionPage, Page
from resources.models import Resource
from resources.views.offers import find
from scheduling.actions.rounds import answering
from scheduling.forms.rounds import AcceptForm, DeclineForm
from scheduling.models import Proposal
from scheduling.queries.home_zone import active_sites, home_zone
from scheduling.queries.rounds import pages
from scheduling.queries.rounds.supply import last_told
from scheduling.round_states import RoundDecline
from scheduling.states import Side
from scheduling.verdicts import finding_rows
from scheduling.views.accepting import Accepting, Answer, resources_for
from scheduling.views.proposal_words import told_to, who_answers
from scheduling.views.supply_words import Unused, unused


class Proposals(Page):
    """What rounds propose to us, and from us."""

    permission = Permission.VIEW
    template_name = "scheduling/rounds/proposals.html"

    def get_context_data(self, **kwargs):
        found = pages.proposals_concerning(self.institution, self.now)
        asks = kinds_allowing(Permission.ASK, self.request.roles)
        decides = kinds_allowing(Permission.DECIDE, self.request.roles)
        return super().get_context_data(
            to_answer=[self._line(row, Side.BORROWER, asks) for row in found.to_answer],
            from_us=[self._line(row, Side.OWNER, decides) for row in found.from_us],
            asked=[self._line(row, Side.OWNER, decides) for row in found.asked],
            answer_url=self._batch_url("proposals-answer", asks),
            refuse_url=self._batch_url("proposals-refuse", decides),
            past=found.past,
            unused=self._unused(),
            zone=home_zone(self.institution),
            **kwargs,
        )

    def _unused(self) -> list[Unused]:
        """Of our own offers, as the last round left them that we may know of."""
        own = Resource.objects.owned_by(self.institution).select_related("institution")
        found = last_told(self.institution, set(own.values_list("pk", flat=True)))
        if found is None:
            return []
        return unused(found.rows, own.in_bulk([row["offer"] for row in found.rows]))

    def _batch_url(self, name: str, kinds) -> str | None:
        return reverse(f"scheduling:{name}", args=[self.institution.slug]) if kinds else None

    def _line(self, row: Proposal, side: Side, kinds) -> dict:
        """``kinds``: those of which the reader may answer on this side."""
        told, may_answer = told_to(row, side), row.kind in kinds
        return {
            "row": row,
            "told": told,
            "urgency": told["urgency"],
            "icon": told["icon"],
            "may_answer": may_answer,
            "answers": "" if may_answer else who_answers(row, side),
        }


class OfProposal(ActionPage):
    """A step with one published proposal; ``side`` is the column that must be ours."""

    side = "borrower"

    @property
    def of_kind(self) -> str:
        return self.proposal.kind

    @cached_property
    def proposal(self) -> Proposal:
        rows = pages.proposal_concerning(self.institution)
        return find(rows.filter(**{self.side: self.institution}), pk=self.kwargs["pk"])

    @property
    def list_url(self) -> str:
        return reverse("scheduling:proposals", args=[self.institution.slug])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            proposal=self.proposal,
            told=told_to(self.proposal, self.proposal.side_of(self.institution)),
            ours=self.proposal.borrower_id == self.institution.pk,
            zone=home_zone(self.institution),
            cancel_url=self.list_url,
            **kwargs,
        )


class AcceptProposal(OfProposal):
    """Our yes: the request is sent to the owner as its kind's own form would send it."""

    permission = Permission.ASK
    form_class = AcceptForm
    template_name = "scheduling/rounds/accept.html"
    title = gettext_lazy("Accept the proposal")
    submit_label = gettext_lazy("Accept and ask the owner")

    @cached_property
    def sites(self) -> list:
        return active_sites(self.institution)

    @cached_property
    def accepting(self) -> Accepting:
        return Accepting(
            self.proposal,
            find(resources_for(self.institution), pk=self.proposal.resource_id),
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            sites=self.sites,
        )

    @property
    def findings(self) -> Findings:
        return self.accepting.findings

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "sites": self.sites,
            "agreement": self.accepting.asks_agreement,
            "warnings": self.findings.passable,
        }

    def get_initial(self):
        site = self.accepting.usual_site
        return {"site": str(site.pk) if site else "", "purpose": self.accepting.usual_purpose}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            finding_rows=finding_rows(self.findings), blocked=bool(self.findings.hard), **kwargs
        )

    def perform(self, form) -> str:
        values = form.cleaned_data
        made = self.accepting.accept(
            Answer(
                site=values["site"],
                purpose=values["purpose"],
                agreement=bool(values.get("agreement_accepted")),
                accepted=form.accepted(),
            )
        )
        words = _("%(name)s has your request %(reference)s.")
        messages.success(
            self.request, words % {"name": made.owner.name, "reference": made.reference}
        )
        return self.list_url


class DeclineProposal(OfProposal):
    """Our no to what was proposed for our need."""

    permission = Permission.ASK
    form_class = DeclineForm
    template_name = "scheduling/rounds/accept.html"
    title = gettext_lazy("Decline the proposal")
    submit_label = gettext_lazy("Decline")
    codes = RoundDecline.OF_BORROWER

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"codes": self.codes}

    def perform(self, form) -> str:
        answering.decline(
            proposal=self.proposal,
            institution=self.institution,
            by=self.request.user,
            now=self.now,
            **form.cleaned_data,
        )
        said = _("Declined. The next rounds look for something else.")
        if form.cleaned_data["reason_code"] in RoundDecline.OF_NEED:
            said = _("Declined. The next rounds leave this need out until it is amended.")
        messages.success(self.request, said)
        return self.list_url


class RefuseProposal(DeclineProposal):
    """Our no to what was proposed from us."""

    permission = Permission.DECIDE
    side = "owner"
    codes = RoundDecline.OF_OWNER
