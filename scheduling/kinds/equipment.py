"""Equipment in the workflow: booked, handed over, returned, checked."""

from scheduling.kinds import WorkflowKind, kinds

EQUIPMENT = kinds.add("equipment", WorkflowKind(code="equipment", rules=()))
