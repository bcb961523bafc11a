"""Forms of the reports app: they validate, actions persist."""
