"""Medicines: forms."""
