"""No booking over a shift that the person works elsewhere, and no such shift over a booking."""

from medshare_portal.db.guarantees import Guarantee, declare
from scheduling.guarantees import BOOKED_OVER, HOLDS, LOCK, TABLE, abort, refuse

SHIFTS = (
    "SELECT 1 FROM resources_committedshift shift WHERE shift.resource_id = NEW.resource_id "
    "AND shift.starts_at < NEW.blocked_until AND shift.ends_at > NEW.blocked_from"
)
OVER_SHIFT, OVER_BOOKING = "request_not_over_shift", "shift_not_over_booking"

declare(
    Guarantee(
        name=OVER_SHIFT,
        table=TABLE,
        events=("INSERT", "UPDATE"),
        truth="A booked shift never lies over one that the person works elsewhere.",
        when=HOLDS,
        sqlite=abort(OVER_SHIFT, f"EXISTS ({SHIFTS})"),
        postgresql=f"IF {HOLDS} THEN {LOCK} {refuse(f'EXISTS ({SHIFTS})', OVER_SHIFT)} END IF;",
    )
)
declare(
    Guarantee(
        name=OVER_BOOKING,
        table="resources_committedshift",
        events=("INSERT", "UPDATE"),
        truth="A shift that the person works elsewhere never lies over a booked one.",
        sqlite=abort(OVER_BOOKING, f"EXISTS ({BOOKED_OVER})"),
        postgresql=f"{LOCK} " + refuse(f"EXISTS ({BOOKED_OVER})", OVER_BOOKING),
    )
)
