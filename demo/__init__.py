"""The demo city.  Installed only where MEDSHARE_DEMO is on, never in production."""
