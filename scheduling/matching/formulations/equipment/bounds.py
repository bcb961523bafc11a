"""What no plan can exceed."""

from scheduling.matching.formulations.equipment.ground import Ground
from scheduling.matching.problem import Urgency


def trivial_bounds(ground: Ground) -> dict[str, float]:
    """Everybody who has any offer is served."""
    rows = ground.problem.equipment_needs
    able = [*ground.open, *ground.kept]
    pressing = [need for need in able if rows[need].urgency < Urgency.ROUTINE]
    return {"urgent": float(sum(ground.weight[n] for n in pressing)), "served": float(len(able))}
