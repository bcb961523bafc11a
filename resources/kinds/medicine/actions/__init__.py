"""Medicines: actions."""
