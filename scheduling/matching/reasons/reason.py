"""The shapes of an answer.  Codes are those of the rules and tiers; no names of other needs."""

from dataclasses import dataclass
from enum import StrEnum

from scheduling.matching.problem import Urgency


class Verdict(StrEnum):
    """Every need has exactly one.  A medicine served in part is matched, with its ``part``."""

    MATCHED = "matched"
    NO_OFFER = "no_offer"
    OUTBID = "outbid"
    FAIRNESS = "fairness"


@dataclass(frozen=True, slots=True)
class Step:
    """How many still pass after this rule and those before it."""

    code: str
    left: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Without the rule ``code`` the offer could serve the need, and so could ``opens`` offers in
    all.  ``amount``: by how much the rule would have to give way, in its unit, if it has one."""

    code: str
    offer: str
    opens: int
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Served:
    offer: str
    quantity: int
    travel_minutes: int
    starts_at: int | None = None
    ends_at: int | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """The next best offer, and the first tier in which it would have been worse; "": in none."""

    offer: str
    travel_minutes: int
    lost_at: str


@dataclass(frozen=True, slots=True)
class Outbid:
    """The closest offer that passes every rule.  ``held_by``: the class that would have to give
    way (None: nobody's, the plan was cut short); ``price``: what it serves there, and ``worth``:
    what this need would bring, both in weight (of a medicine per pack)."""

    offer: str
    travel_minutes: int
    held_by: Urgency | None
    price: float
    worth: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """The institution's fill with the equity tier, and as it would have been without."""

    fill: float
    fill_without: float


@dataclass(frozen=True, slots=True)
class Reason:
    """``funnel``: offers of the kind that pass, rule by rule; ``displaced``: how many unserved
    needs, by urgency from critical to routine, could have had what this one got."""

    need: str
    verdict: Verdict
    part: float
    offers: int
    funnel: tuple[Step, ...]
    served: tuple[Served, ...] = ()
    alternative: Alternative | None = None
    displaced: tuple[int, int, int] = (0, 0, 0)
    relaxation: Relaxation | None = None
    outbid: Outbid | None = None
    fairness: Fairness | None = None

    @property
    def blocked_by(self) -> str | None:
        """The first rule after which nothing was left."""
        return next((step.code for step in self.funnel if step.left == 0), None)


@dataclass(frozen=True, slots=True)
class Supply:
    """Of an offer: ``matched`` of ``amount`` (packs; for a device or a person uses, amount None);
    ``funnel``: needs of the kind that could have had it, rule by rule; ``unserved``: of the last of
    these, how many stayed without."""

    offer: str
    amount: int | None
    matched: int
    needs: int
    funnel: tuple[Step, ...]
    unserved: int
