"""What of the reports the registry edits; importing registers it."""

from reports.admin import assumptions  # noqa: F401
