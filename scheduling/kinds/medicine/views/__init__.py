"""Medicines in the workflow: views."""
