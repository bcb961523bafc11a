"""What reports keep: statements between institutions, their lines, and what is disputed."""

from .demand import DemandFact
from .dispute import LineDispute
from .statement import Statement, StatementLine

__all__ = ["DemandFact", "LineDispute", "Statement", "StatementLine"]
