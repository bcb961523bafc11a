"""Workflow: from ask to return, for every kind on one spine."""
