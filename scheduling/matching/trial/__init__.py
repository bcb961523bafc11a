"""What if?  A change to a copy of a problem, and what its plan would then be.

What only a kind knows is in the module of its name here:

``LIFTS``: rule code → function (problem, needs) -> problem, in which these needs (rows) no longer
fail that rule; what the law asks of rest and hours, and what makes an offer another thing, is
nobody's to leave out;
``TIMED``: whether its offers last for hours (else they are packs);
``more(problem, offer, amount) -> Problem``: the offer (its id) at further hours (an ``Interval``),
or with so many more packs;
``offered(problem, need, institution, amount, **more) -> Problem``: one more offer, ``NEW``, that
fits the need in all but where it is and when;
``times(offer)``: when an offer (a row) lasts.
"""

from scheduling.matching.trial.edits import NEW
from scheduling.matching.trial.outcome import (
    HospitalChange,
    Outcome,
    Tried,
    alike,
    open_to,
    other_plan,
    try_out,
)

__all__ = ["NEW", "HospitalChange", "Outcome", "Tried", "alike", "open_to", "other_plan", "try_out"]
