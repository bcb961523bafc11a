"""Medicines in the workflow: forms."""
