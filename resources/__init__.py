"""Catalogue: what can be shared, its classification, and when it is offered."""
