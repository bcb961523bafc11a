"""Ambulances as the workflow sees them: one rule and one checklist of their own."""

from medshare_portal.findings import Finding, Severity
from scheduling.kinds import WorkflowKind, register
from scheduling.states import Stage, State


def is_in_service(context):
    """AM-01: what is not in service goes nowhere."""
    if not context.resource.ambulance.in_service:
        yield Finding(code="AM-01", severity=Severity.BLOCK, message="It is not in service.")


AMBULANCE = register(
    WorkflowKind(
        code="ambulance",
        rules=(is_in_service,),
        checklists={Stage.HANDOVER.value: [("fuel", "Fuel is full")]},
        state_labels={State.UNDERWAY.value: "On the road"},
        check_hours=lambda: 4,
    )
)
