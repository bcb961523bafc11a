"""The codes of the three consents."""

PERSON, HOME, HOST = "person", "home", "host"
