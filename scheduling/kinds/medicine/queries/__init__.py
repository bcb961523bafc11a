"""Medicines in the workflow: queries."""
