"""Who reads which field of matching rounds.

Officials read the city's rounds whole, a hospital those that it runs: its own, and those over the
needs of a consortium of which it is a member.  A hospital reads the published lines that concern it
and its own needs that stayed unmet; the counterpart of a consortium's round is another member: it
knows of the round and nothing of what lies between others.  What the matcher was given is nobody's
page.
"""

from medshare_portal.visibility import NOBODY, OWNER_AND_CITY, SIDES_AND_CITY, declare

declare(
    "scheduling.MatchingRun",
    [
        (SIDES_AND_CITY, "id number institution scope consortium kinds starts_at ends_at"),
        (SIDES_AND_CITY, "state cause created_at published_at"),
        (OWNER_AND_CITY, "fairness seed seconds left_out lifted parent progress stop_asked_at"),
        (OWNER_AND_CITY, "created_by started_at finished_at error inputs_hash versions results"),
        (OWNER_AND_CITY, "published_by keeps_current line"),
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
        (SIDES_AND_CITY, "why effect"),  # what it saves from expiry: the lender, who knows the cost
        (OWNER_AND_CITY, "run pinned struck_reason stale answered_by"),
        (NOBODY, "need_ref offer_ref pieces"),
    ],
)
declare(
    "scheduling.UnmetNeed",
    [
        (OWNER_AND_CITY, "id run need institution kind urgency quantity code data"),
        (NOBODY, "need_ref"),
    ],
)
