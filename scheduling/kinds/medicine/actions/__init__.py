"""Medicines in the workflow: actions."""
