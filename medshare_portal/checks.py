"""System checks: settings and databases that would make a promise untrue."""
