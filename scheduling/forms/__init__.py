"""Forms of the workflow: they validate, actions persist."""
