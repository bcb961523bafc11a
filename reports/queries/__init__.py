"""Reads over all apps, for the home page and the city."""
