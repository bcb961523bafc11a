"""Truths of the core that the database keeps by itself."""

from medshare_portal.db.guarantees import append_only

append_only(
    "medshare_portal_auditevent",
    "An audit event is never changed and never removed.",
    unique=("chain", "sequence"),
)
