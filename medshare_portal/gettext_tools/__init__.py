"""Collects and compiles translations with no gettext on the machine (docs/operations.md)."""
