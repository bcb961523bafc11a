"""What reports keep: statements between institutions, their lines, and what is disputed."""

from .dispute import LineDispute
from .statement import Statement, StatementLine

__all__ = ["LineDispute", "Statement", "StatementLine"]
