"""A toy fifth kind: a package of its own beside the portal, and nothing changed inside it."""
