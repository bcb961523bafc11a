"""Why each need got what it got, and each offer found whom it found: data, no words.

``explain.Explainer`` answers for one need or offer at a time from a stored plan.  What only a
kind knows is in the module of its name here:

``FIXED``: codes of rules that nobody can relax (another item is no relaxation);
``EASE``: the other codes, from what is given way most easily;
``shortfall(problem, travel, need, offer, code) -> int | None``: by how much the pair (two rows)
fails the rule, in the rule's own unit – minutes, days –; None where it is yes or no;
``rivals(problem, travel, need, offer, matches) -> tuple[Match, ...]``: of the offer's
``matches`` (all of them, the need's own too) the others but for which it could serve the need;
none: it could as things stand.
"""

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
    "Explainer",
    "Fairness",
    "Outbid",
    "Reason",
    "Relaxation",
    "Served",
    "Step",
    "Supply",
    "Verdict",
]
