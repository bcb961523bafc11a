"""A small city with a round to run."""

from datetime import timedelta

from scheduling.actions.requests import RequestTerms
from scheduling.actions.rounds import answering, computing, ordering, publishing
from scheduling.models import MatchingRun, Proposal
from tests import make

DAY = timedelta(days=1)


class City:
    """One device, two needs for it at the same time, of which the second is urgent."""

    def __init__(self, now, owner, borrower):
        self.now, self.owner, self.borrower = now, owner, borrower
        self.device = make.equipment(owner, last_safety_test=now.date())
        make.offer(self.device, now=now, intervals=[(now, now + 7 * DAY)])
        self.official = make.city_user()
        self.approver = make.user(at=owner, role="approver")
        self.asker = make.user(at=borrower, role="coordinator")
        self.routine = make.need(borrower, category=self.device.category, now=now)
        self.urgent = make.need(
            borrower, category=self.device.category, now=now, priority="urgent",
            justification="Two of ours failed",
        )  # fmt: skip

    def order(self, parent: MatchingRun | None = None, **fields) -> MatchingRun:
        """For the whole city, by its official."""
        terms = ordering.RoundTerms(kinds=("equipment",), **fields)
        return ordering.order(terms=terms, parent=parent, by=self.official, now=self.now)

    def computed(self, **fields) -> MatchingRun:
        run = self.order(**fields)
        ordering.start_waiting(launch=lambda pk: None, now=self.now)
        assert computing.compute(run=run, clock=lambda: self.now)
        run.refresh_from_db()
        return run

    def published(self) -> Proposal:
        run = self.computed()
        publishing.publish(run=run, by=self.official, now=self.now)
        return Proposal.unscoped.get(run=run)

    def terms(self, row: Proposal) -> RequestTerms:
        return RequestTerms(
            starts_at=row.starts_at, ends_at=row.ends_at, priority="urgent", purpose="As proposed",
            delivery_site=self.borrower.sites.get(), agreement_accepted=True,
        )  # fmt: skip

    def accepted(self, row: Proposal):
        return answering.accept(proposal=row, terms=self.terms(row), by=self.asker, now=self.now)
