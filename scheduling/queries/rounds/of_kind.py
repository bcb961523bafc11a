"""What a kind does in a matching round; ``WorkflowKind.in_rounds`` names its class."""

from datetime import datetime

from django.utils.module_loading import import_string

from medshare_portal.findings import Findings
from resources.intervals import Interval
from resources.models import Resource
from scheduling.kinds import kinds
from scheduling.matching.problem import Kind, Problem
from scheduling.models import Need, Proposal, SharingRequest
from scheduling.queries.rounds.draft import Draft
from scheduling.queries.rounds.wanted import Wanted, of_request


class RoundKind:
    """Draws its needs and offers for the matcher, and asks the workflow's rules about the answer.

    The matcher knows the rules that decide between pairs in a form made for speed; the workflow's
    own are asked about every proposal before anybody sees it.
    """

    matcher: Kind

    def draw(self, draft: Draft, needs: list[Need]) -> None:
        """Add needs and offers to the draft; what cannot be drawn is ``left_out``."""
        raise NotImplementedError

    def judge(self, proposals: list[Proposal], now: datetime) -> list[Findings]:
        """What the rules say of each, were it asked for now."""
        raise NotImplementedError

    def judge_together(self, proposals: list[Proposal], now: datetime) -> list[Findings]:
        """The same where all of them would come, and not one instead of the other."""
        return self.judge(proposals, now)

    def alike(self, problem: Problem, proposals: list[Proposal]) -> Problem:
        """The problem against which lines are held before they are published: where it does not
        matter which of several is meant, each stands for all."""
        return problem

    def crowded(self, pieces: list[Proposal], draft: Draft) -> set[tuple[str, str]]:
        """Pairs of the pieces for which nothing is left once those before them have theirs: of
        what ``alike`` did not tell apart."""
        return set()

    def typed(self, proposal: Proposal, *, site, now: datetime) -> dict[str, list[str]]:
        """The proposal as its borrower would type it into the form of the kind."""
        raise NotImplementedError

    def reasons(self, given: dict[str, str]) -> dict[str, list[str]]:
        """Reasons for warnings, by their codes, as the form of the kind takes them."""
        return {f"accepted_{code}": [text] for code, text in given.items()}

    def again(
        self, sharing_request: SharingRequest, time: Interval | None, now: datetime
    ) -> Wanted:
        """What a request asks for in a time, once more of others."""
        return of_request(sharing_request, time, now=now)

    def tells(self, resource: Resource, now: datetime) -> list[str]:
        """What else decides between offers of the kind, in a few words each."""
        return []

    def asks_agreement(self, proposal: Proposal) -> bool:
        """Whether the borrower must accept the terms of a loan."""
        return False


def round_kind(code: str) -> RoundKind:
    return import_string(kinds[code].in_rounds)()


def codes_in_rounds() -> list[str]:
    """The kinds that have a formulation."""
    return [kind.code for kind in kinds if kind.in_rounds]
