"""The exact models, one per kind: ``solve(problem, candidates, travel, control) -> KindPlan``."""
