"""Who reads which field of matching rounds.

Its officials read a round whole.  A hospital reads the published lines that concern it, and of its
own rounds everything; what the matcher was given is nobody's page.
"""

from medshare_portal.visibility import NOBODY, OWNER_AND_CITY, SIDES_AND_CITY, declare

declare(
    "scheduling.MatchingRun",
    [
        (OWNER_AND_CITY, "id number institution scope consortium kinds starts_at ends_at fairness"),
        (
            OWNER_AND_CITY,
            "seed seconds left_out lifted parent state progress stop_asked_at created_at",
        ),
        (OWNER_AND_CITY, "created_by started_at finished_at error inputs_hash versions results"),
        (OWNER_AND_CITY, "published_at published_by"),
        (OWNER_AND_CITY, "cause keeps_current line"),
        (NOBODY, "alive_at attempt seen_event"),
    ],
)
declare("scheduling.RunRecord", [(NOBODY, "id run problem plan")])
declare(
    "scheduling.Proposal",
    [
        (SIDES_AND_CITY, "id need resource owner borrower kind urgency quantity starts_at ends_at"),
        (SIDES_AND_CITY, "travel_minutes kilometres state expires_at declined_by_side"),
        (SIDES_AND_CITY, "decline_code decline_text answered_at sharing_request"),
        (OWNER_AND_CITY, "run why effect pinned struck_reason stale answered_by"),
        (NOBODY, "need_ref offer_ref"),
    ],
)
declare(
    "scheduling.UnmetNeed",
    [
        (OWNER_AND_CITY, "id run need institution kind urgency quantity code data"),
        (NOBODY, "need_ref"),
    ],
)
