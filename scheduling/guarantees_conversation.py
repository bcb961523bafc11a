"""Truths of conversations and notes that the database keeps by itself."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare
from scheduling.guarantees import TABLE, abort, refuse

append_only("scheduling_message", "What was written to the other side is never changed or removed.")
append_only("scheduling_messagefile", "A file that was sent is never exchanged or removed.")
append_only(
    "scheduling_internalnote", "A note is never changed or removed, only corrected by another."
)

OF_A_SIDE = (
    f"SELECT 1 FROM {TABLE} r WHERE r.id = NEW.sharing_request_id AND r.state <> 'held' AND "
    "((NEW.voice = 'owner' AND NEW.institution_id = r.owner_id) OR "
    "(NEW.voice = 'borrower' AND NEW.institution_id = r.borrower_id) OR "
    "(NEW.voice = 'city' AND EXISTS (SELECT 1 FROM scheduling_cityinvitation i "
    "WHERE i.sharing_request_id = r.id AND i.ended_at IS NULL)))"
)


def _inserted(name: str, table: str, truth: str, holds: str) -> None:
    """A new row must find what ``holds`` selects."""
    declare(
        Guarantee(
            name=name,
            table=table,
            events=("INSERT",),
            truth=truth,
            sqlite=abort(name, f"NOT EXISTS ({holds})"),
            postgresql=refuse(f"NOT EXISTS ({holds})", name, "check_violation"),
        )
    )


_inserted(
    "message_of_who_takes_part",
    "scheduling_message",
    "Only the two sides of a request that was sent write, and the city while it is invited.",
    OF_A_SIDE,
)
_inserted(
    "message_file_of_its_request",
    "scheduling_messagefile",
    "A file belongs to the request of its message.",
    "SELECT 1 FROM scheduling_message m WHERE m.id = NEW.message_id "
    "AND m.sharing_request_id = NEW.sharing_request_id",
)
ON_A_SIDE = (
    f"SELECT 1 FROM {TABLE} r WHERE r.id = NEW.sharing_request_id "
    "AND NEW.institution_id IN (r.owner_id, r.borrower_id)"
)
_inserted(
    "city_invited_by_a_side",
    "scheduling_cityinvitation",
    "Only a side of a request invites the city.",
    ON_A_SIDE,
)
_inserted(
    "note_of_a_side",
    "scheduling_internalnote",
    "A note is of a side of its request.",
    ON_A_SIDE,
)
_inserted(
    "note_corrected_by_its_author",
    "scheduling_internalnote",
    "Only its author corrects a note: the first version, of the same request and institution.",
    "SELECT 1 WHERE NEW.corrects_id IS NULL UNION ALL "
    "SELECT 1 FROM scheduling_internalnote n WHERE n.id = NEW.corrects_id "
    "AND n.corrects_id IS NULL AND n.author_id = NEW.author_id "
    "AND n.institution_id = NEW.institution_id "
    "AND n.sharing_request_id = NEW.sharing_request_id",
)

ENDS_ONLY = (
    "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL "
    "AND NEW.sharing_request_id = OLD.sharing_request_id "
    "AND NEW.institution_id = OLD.institution_id AND NEW.reason = OLD.reason "
    "AND NEW.invited_by_id = OLD.invited_by_id AND NEW.invited_at = OLD.invited_at"
)
declare(
    Guarantee(
        name="city_invitation_ends_once",
        table="scheduling_cityinvitation",
        events=("UPDATE",),
        truth="Of an invitation of the city only its end is filled in, once.",
        sqlite=abort("city_invitation_ends_once", f"NOT ({ENDS_ONLY})"),
        postgresql=refuse(f"NOT ({ENDS_ONLY})", "city_invitation_ends_once", "check_violation"),
    )
)
STAYS = "An invitation of the city is never removed."
REFUSED = "scheduling_cityinvitation: append-only"
declare(
    Guarantee(
        name="city_invitation_append_only",
        table="scheduling_cityinvitation",
        events=("DELETE",),
        truth=STAYS,
        sqlite=f"SELECT RAISE(ABORT, '{REFUSED}');",
        postgresql=f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23000';",
    )
)
declare(
    Guarantee(
        name="city_invitation_never_emptied",
        table="scheduling_cityinvitation",
        events=("TRUNCATE",),
        truth=STAYS,
        sqlite="",
        postgresql=f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23000';",
    )
)
