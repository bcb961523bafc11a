"""A city's matching round that was published yesterday and is being answered, and the own rounds
of the first hospitals, not published yet.

Made by the portal's own actions: ordered, computed by the matcher, published, answered.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from demo.coordination.crisis import city_official
from demo.coordination.rounds import ASKS, post_needs
from demo.world import Place, World
from medshare_portal.refusals import Refusal
from medshare_portal.roles import Role
from scheduling.actions import decisions
from scheduling.actions.rounds import answering, computing, deciding, ordering, publishing
from scheduling.forms.basket import item_of
from scheduling.models import BasketLine, MatchingRun, Proposal
from scheduling.queries.rounds.of_kind import round_kind
from scheduling.queries.rounds.pages import lines_of, proposal_concerning
from scheduling.round_states import RoundDecline
from scheduling.states import DeclineReason

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
POSTED, ORDERED, PUBLISHED = 44 * HOUR, 27 * HOUR, 26 * HOUR  # ago
OWN_ROUNDS = 2  # of the first hospitals, whose people are the demo's
ANOTHER = 3  # so that other needs are posted than those of today
CHECKED = ("Settled with the department.", "已与科室确认。")
STRUCK = ("Its filter is changed that day.", "当天更换滤芯。")


def make_answered_round(world: World) -> None:
    """Some lines are agreed, some asked, some declined by either side; others wait."""
    for kind, (role, _number, hours) in ASKS.items():
        post_needs(world, kind, role, 1, hours, now=world.moment - POSTED, first=ANOTHER)
    official, at = city_official(), world.moment - ORDERED
    terms = ordering.RoundTerms(kinds=tuple(ASKS))
    run = _computed(ordering.order(terms=terms, by=official, now=at), at)
    publishing.publish(run=run, by=official, now=world.moment - PUBLISHED)
    answers = _Answers(world)
    for number, row in enumerate(lines_of(run).filter(state="published")):
        answers.give(number, row.pk)


def make_own_rounds(world: World) -> None:
    """Of the first hospitals, over their own needs; one line is struck, another pinned."""
    for number, place in enumerate(world.places[:OWN_ROUNDS], start=1):
        asker, at = place.people[Role.COORDINATOR][0], world.moment - number * HOUR
        terms = ordering.RoundTerms(kinds=("equipment",))
        order = {"terms": terms, "institution": place.institution, "by": asker, "now": at}
        run = _computed(ordering.order(**order), at)
        lines = list(lines_of(run))
        if len(lines) > 1:
            looked = {"by": asker, "now": at + 20 * MINUTE}
            deciding.pin(proposal=lines[0], pinned=True, **looked)
            reason = STRUCK[place.speaks_chinese]
            deciding.strike(proposal=lines[-1], reason=reason, **looked)


def _computed(run: MatchingRun, at: datetime) -> MatchingRun:
    ordering.start_waiting(launch=lambda pk: None, now=at)
    computing.compute(run=run, clock=lambda: at + MINUTE)
    run.refresh_from_db()
    return run


class _Answers:
    """What the hospitals said, in turn; an hour after it was published and later."""

    def __init__(self, world: World):
        self.world = world
        self.places = {place.institution.pk: place for place in world.places}
        self.turns = (
            self._agree, self._wait, self._decline_as_borrower, self._agree, self._ask_lately,
            self._decline_as_owner, self._wait,
        )  # fmt: skip

    def give(self, number: int, pk: int) -> None:
        """One line's answer; a line that the rules would not take any more goes on waiting."""
        row = Proposal.unscoped.select_related("borrower").get(pk=pk)
        row = proposal_concerning(row.borrower).get(pk=pk)
        now = self.world.moment - PUBLISHED + HOUR + number % 9 * 2 * HOUR
        try:
            with transaction.atomic():
                self.turns[number % len(self.turns)](row, now)
        except Refusal:
            pass

    def _wait(self, row: Proposal, now: datetime) -> None:
        pass

    def _ask_lately(self, row: Proposal, now: datetime) -> None:
        """So that the owner's time to answer is not over."""
        self._ask(row, self.world.moment - (3 + row.pk % 5) * MINUTE)

    def _ask(self, row: Proposal, now: datetime):
        place = self.places[row.borrower_id]
        by = self._one_of(place, ASKS[row.kind][0])
        where = {"institution": row.borrower, "by": by, "now": now}
        kind, site = round_kind(row.kind), row.need.site or place.sites[0]
        typed = kind.typed(row, site=site, now=now) | {"agreement_accepted": ["on"]}
        passable = item_of(BasketLine(typed=typed), row.resource, **where).findings.passable
        reason = CHECKED[place.speaks_chinese]
        typed |= kind.reasons({finding.code: reason for finding in passable})
        terms = item_of(BasketLine(typed=typed), row.resource, **where).terms
        if terms is None:
            return None
        return answering.accept(proposal=row, terms=terms, by=by, now=now)

    def _agree(self, row: Proposal, now: datetime) -> None:
        """The owner's yes follows where one approver decides it."""
        if row.kind != "equipment":
            self._ask_lately(row, now)
            return
        made = self._ask(row, now)
        if made is None:
            return
        place = self.places[row.owner_id]
        reason = CHECKED[place.speaks_chinese]
        by, then = self._one_of(place, Role.APPROVER), now + 40 * MINUTE
        try:
            with transaction.atomic():
                decisions.approve(sharing_request=made, by=by, now=then, text=reason)
        except Refusal:
            code = DeclineReason.OWN_NEED
            decisions.decline(sharing_request=made, by=by, now=then, reason_code=code, text="")

    def _decline_as_borrower(self, row: Proposal, now: datetime) -> None:
        by = self._one_of(self.places[row.borrower_id], ASKS[row.kind][0])
        answering.decline(
            proposal=row, institution=row.borrower, reason_code=RoundDecline.FOUND_ELSEWHERE,
            by=by, now=now,
        )  # fmt: skip

    def _decline_as_owner(self, row: Proposal, now: datetime) -> None:
        by = self._one_of(self.places[row.owner_id], Role.APPROVER, ASKS[row.kind][0])
        answering.decline(
            proposal=row, institution=row.owner, reason_code=RoundDecline.OWN_NEED, by=by, now=now
        )

    @staticmethod
    def _one_of(place: Place, *roles: Iterable[Role]):
        return next(place.people[role][0] for role in roles if place.people.get(role))
