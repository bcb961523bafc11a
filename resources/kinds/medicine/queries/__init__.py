"""Medicines: queries."""
