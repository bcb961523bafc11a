"""Medicines in the workflow: asked for, reserved, dispatched, received."""

from scheduling.kinds import Claim, WorkflowKind, register

MEDICINE = register(WorkflowKind(code="medicine", claim=Claim.QUANTITY, find_page=""))
