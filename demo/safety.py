"""Where a demo city may be made: on this machine only, and only when it was asked for."""

from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
# Django's test runner adds its own name.
TESTING = {"testserver"}


def reasons_against() -> list[str]:
    """Why this installation looks like production; empty where a demo is harmless."""
    reasons = []
    if not settings.DEMO:
        reasons.append("MEDSHARE_DEMO is off")
    foreign = set(settings.ALLOWED_HOSTS) - LOOPBACK - TESTING
    if foreign:
        reasons.append(f"ALLOWED_HOSTS names {', '.join(sorted(foreign))}")
    host = urlsplit(settings.PORTAL_URL).hostname or ""
    if host not in LOOPBACK:
        reasons.append(f"PORTAL_URL leads to {host or 'nowhere'}")
    if settings.HTTPS:
        reasons.append("HTTPS is on")
    return reasons
