"""One published proposal on its way to the borrower's yes: read by the form of its kind, judged
by its rules, sent by its action."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from medshare_portal.findings import Findings
from medshare_portal.refusals import Refusal
from resources.models import Resource
from scheduling.actions.rounds import answering
from scheduling.forms.basket import Item, item_of
from scheduling.models import BasketLine, Proposal, SharingRequest
from scheduling.queries.rounds.of_kind import round_kind

RELATED = ("institution", "site", "category", "equipment", "medicine_lot", "staff_member")


class OutOfDate(Refusal):
    """The form of the kind does not take it any more: the offer is gone, the day is past."""

    message = gettext_lazy("This can no longer be asked for as it was proposed. Decline it.")


def resources_for(institution):
    """As the borrower sees them; a proposal outlives neither the offer nor its audience."""
    return Resource.objects.visible_to(institution).select_related(*RELATED)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the borrower adds; ``accepted``: code → reason of the warnings that it passes."""

    site: object
    purpose: str
    agreement: bool
    accepted: dict[str, str]


class Accepting:
    """``sites``: the borrower's, where the thing may go."""

    def __init__(
        self, proposal: Proposal, resource: Resource, *, institution, by, now: datetime, sites: list
    ):
        self.proposal, self.resource, self.sites = proposal, resource, sites
        self.institution, self.by, self.now = institution, by, now

    @property
    def usual_site(self):
        return self.proposal.need.site or next(iter(self.sites), None)

    @property
    def usual_purpose(self) -> str:
        need = self.proposal.need
        return need.justification or need.note or need.name

    @cached_property
    def findings(self) -> Findings:
        """What the rules say of it now, before anything was typed."""
        return self._item({"agreement_accepted": ["on"]}, self.usual_site).findings

    @property
    def asks_agreement(self) -> bool:
        return round_kind(self.proposal.kind).asks_agreement(self.proposal)

    def accept(self, answer: Answer) -> SharingRequest:
        """Raises OutOfDate, and what ``answering.accept`` raises."""
        typed = {"purpose": [answer.purpose]}
        typed |= round_kind(self.proposal.kind).reasons(answer.accepted)
        if answer.agreement:
            typed["agreement_accepted"] = ["on"]
        terms = self._item(typed, answer.site).terms
        if terms is None:
            raise OutOfDate
        return answering.accept(proposal=self.proposal, terms=terms, by=self.by, now=self.now)

    def _item(self, typed: dict[str, list[str]], site) -> Item:
        """The proposal as a line that the form of its kind reads."""
        known = round_kind(self.proposal.kind).typed(self.proposal, site=site, now=self.now)
        line = BasketLine(typed=known | typed)
        where = {"institution": self.institution, "by": self.by, "now": self.now}
        return item_of(line, self.resource, **where)
