"""What became of goods that were asked for: how many arrived, and what one was worth."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Goods:
    """``rescued``: they arrived so close to their end of use that they might have expired where
    they were."""

    accepted: int
    rejected: int
    lost: int
    unit_value: Decimal
    currency: str
    rescued: bool
