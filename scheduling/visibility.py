"""Who reads which field of the wait-list and of needs."""

from medshare_portal.visibility import ALL, INSTITUTIONS, NOBODY, OWNER, SIDES, declare

# Who waits is nobody else's affair: the place in the line is shown as a number.
declare(
    "scheduling.WaitlistEntry",
    [
        (OWNER, "id borrower kind resource category site within_km units starts_at ends_at"),
        (OWNER, "minutes latest_start priority purpose state joined_at created_by promise"),
        (OWNER, "offered_until ended_at series"),
        (NOBODY, "next_look_at"),
    ],
)

declare(
    "scheduling.Need",
    [
        (ALL, "id institution kind category what starts_at ends_at needed_by flexible_hours"),
        (ALL, "quantity within_km site priority state created_at expires_at ended_at"),
        (INSTITUTIONS, "skills justification note"),
        (OWNER, "created_by version"),
        (NOBODY, "told_at"),
    ],
)

declare("scheduling.NeedAmendment", [(OWNER, "id need at by changes")])
# The counterpart is whoever posted the need: third parties do not see who can help.
declare(
    "scheduling.NeedAnswer",
    [(SIDES, "id need institution resource note answered_at answered_by taken_back_at")],
)
declare(
    "scheduling.FreedTime",
    [(NOBODY, "id sharing_request starts_at ends_at cause freed_at handled_at")],
)
