"""The registry: institutions, people, codes; and what the core has written, to be read."""

from medshare_portal.admin import codes, institutions, journal, people, site_hours

__all__ = ["codes", "institutions", "journal", "people", "site_hours"]
