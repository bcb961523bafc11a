"""What the portal asks of its databases: connection settings, triggers, errors by name."""
