"""Medicines in the workflow: rules."""
