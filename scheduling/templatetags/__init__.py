"""Tags of the workflow."""
