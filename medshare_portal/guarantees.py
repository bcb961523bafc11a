"""Truths of the core that the database keeps by itself."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare

append_only(
    "medshare_portal_auditevent",
    "An audit event is never changed and never removed.",
    unique=("chain", "sequence"),
)

append_only("medshare_portal_crisisact", "What was done about a crisis is never rewritten.")
append_only(
    "medshare_portal_crisisreach",
    "What a crisis reaches is what was declared.",
    unique=("institution_id", "kind", "crisis_id"),
)
append_only(
    "medshare_portal_crisiscategory",
    "To which categories a crisis is narrowed is what was declared.",
    unique=("category", "crisis_id"),
)
append_only(
    "medshare_portal_crisisrelaxation",
    "What a crisis relaxes is what was declared.",
    unique=("crisis_id", "code"),
)

# Of a declaration only the end moves, and only while it is open.
_DECLARED = (
    "name_en", "name_zh", "reason", "whole_city", "notice_hours", "wait_minutes", "starts_at",
    "declared_by_id",
)  # fmt: skip
_MESSAGE = "medshare_portal_crisis: a declaration is never rewritten"


def _rewritten(differs: str) -> str:
    columns = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _DECLARED)
    return f"NOT OLD.is_open OR {columns}"


declare(
    Guarantee(
        name="crisis_never_rewritten",
        table="medshare_portal_crisis",
        events=("UPDATE",),
        truth="Of a crisis only the end moves, by an act, until it has ended.",
        when=_rewritten("IS NOT"),
        sqlite=f"SELECT RAISE(ABORT, '{_MESSAGE}');",
        postgresql=f"IF {_rewritten('IS DISTINCT FROM')} THEN "
        f"RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = '23000'; END IF;",
    )
)
