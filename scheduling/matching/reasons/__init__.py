"""Why each need got what it got, and each offer found whom it found: data, no words.

``explain.Explainer`` answers for one need or offer at a time from a stored plan.  What only a
kind knows is in the module of its name here:

``FIXED``: codes of rules that nobody can relax (another item is no relaxation);
``EASE``: the other codes, from what is given way most easily;
``ALL_GIVE_WAY``: whether all rivals must go for the need to fit, or any one;
``shortfall(problem, travel, need, offer, code) -> int | None``: by how much the pair (two rows)
fails the rule, in the rule's own unit – minutes, days –; None where it is yes or no;
``rivals(problem, travel, need, offer, matches, needs) -> tuple[Match, ...]``: of the offer's
``matches`` (all of them, the need's own too; ``needs``: rows by id) the others but for which it
could serve the need; none: it could as things stand;
``remaining(problem, travel, need, offer, quantity, matches, needs) -> tuple[Match, ...]``: of
others' ``matches`` of the offer what stays when the need takes ``quantity`` of it;
``placements(problem, travel, need, offers) -> list[tuple[Match, ...]]``: ways to serve the need
from these offers (nearest first) if all others give way.
"""

from scheduling.matching.reasons.dispute import Change, Dispute, dispute
from scheduling.matching.reasons.explain import Explainer
from scheduling.matching.reasons.reason import (
    Alternative,
    Fairness,
    Outbid,
    Reason,
    Relaxation,
    Served,
    Step,
    Supply,
    Verdict,
)

__all__ = [
    "Alternative",
    "Change",
    "Dispute",
    "Explainer",
    "Fairness",
    "Outbid",
    "Reason",
    "Relaxation",
    "Served",
    "Step",
    "Supply",
    "Verdict",
    "dispute",
]
