"""Medicines: views."""
