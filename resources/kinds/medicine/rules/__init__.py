"""Medicines: rules."""
