"""Reports: what the people above the single request look at."""
