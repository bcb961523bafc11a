"""Who reads what was counted: of a fact of use both its sides and the city, of the numbers of
days their institution and the city.  No person is in any of them."""

from medshare_portal.visibility import (
    NOBODY,
    OWNER,
    OWNER_AND_CITY,
    SIDES_AND_CITY,
    declare,
)
from reports.rollups.columns import COLUMNS, SUM_KEYS

declare(
    "reports.UsageFact",
    [
        (SIDES_AND_CITY, "id request_key version correction reference kind state outcome"),
        (SIDES_AND_CITY, "reason_code ended_side owner_key owner_en owner_zh owner_level"),
        (SIDES_AND_CITY, "owner_district_en owner_district_zh borrower_key borrower_en"),
        (SIDES_AND_CITY, "borrower_zh borrower_level borrower_district_en borrower_district_zh"),
        (SIDES_AND_CITY, "resource_key resource_en resource_zh resource_units category_code"),
        (SIDES_AND_CITY, "category_path category_en category_zh priority mode automatic"),
        (SIDES_AND_CITY, "in_crisis asked_starts_at asked_ends_at starts_at ends_at"),
        (SIDES_AND_CITY, "blocked_from blocked_until used_from used_until submitted_at"),
        (SIDES_AND_CITY, "answer_due_at decided_at ended_at answer_seconds start_seconds"),
        (SIDES_AND_CITY, "distance_km asked_units units asked_quantity quantity accepted"),
        (SIDES_AND_CITY, "rejected lost rescued charge_unit charge_quantity charge_price"),
        (SIDES_AND_CITY, "charge_amount currency time_zone first_day last_day recorded_at"),
        (OWNER_AND_CITY, "warnings_passed exceptions_made unit_value"),
    ],
)
declare(
    "reports.DailyRollup",
    [
        (OWNER_AND_CITY, "id day institution_key side kind category_code currency offered"),
        (OWNER_AND_CITY, "booked used own_used planned_down unplanned_down idle requested ended"),
        (OWNER_AND_CITY, "filled refused too_slow missed withdrawn cancelled recalled released"),
        (OWNER_AND_CITY, "not_collected answered answered_in_time answered_by_rule lent"),
        (OWNER_AND_CITY, "returned_late filled_whole packs_asked packs_accepted packs_rejected"),
        (OWNER_AND_CITY, "packs_lost packs_rescued packs_expired charged value_given"),
        (OWNER_AND_CITY, "value_rescued value_expired value_used value_stock packs_used repair"),
        (OWNER_AND_CITY, "confirmed notice load_used load_most cancelled_late excepted metres"),
        (OWNER_AND_CITY, "failures looks looks_refused looks_emergency reviews_due"),
        (OWNER_AND_CITY, "reviewed_in_time grants_approved grants_denied"),
        (OWNER_AND_CITY, "grants_ended grants_expired looks_granted"),
        (OWNER_AND_CITY, "recognisable recognised"),
    ],
)
declare("reports.RollupSum", [(OWNER_AND_CITY, f"id {' '.join((*SUM_KEYS, *COLUMNS))}")])
declare("reports.WaitsOfDay", [(OWNER_AND_CITY, "id day kind priority step bucket number")])
declare("reports.PeopleOfMonth", [(NOBODY, "id month institution_key side person_key days")])
declare("reports.UnmetOfDay", [(OWNER_AND_CITY, "id day institution_key kind why number")])
declare("reports.DayMark", [(NOBODY, "id institution_key first_day last_day cause marked_at")])
declare("reports.CountedDays", [(OWNER_AND_CITY, "institution_key first_day last_day counted_at")])
# What a person keeps is its own and, where it is shared, of colleagues.
declare(
    "reports.SavedReport",
    [(OWNER, "id institution user name page about query shared created_at")],
)
declare("reports.ReportMail", [(NOBODY, "id report user month")])
# The city counts what institutions are warned of; their own limits are theirs and the city's.
declare(
    "reports.AlertLimits", [(OWNER_AND_CITY, "id institution utilisation overdue lots changed_at")]
)
declare(
    "reports.Alert",
    [(OWNER_AND_CITY, "id institution sort figure limit since"), (NOBODY, "told")],
)
declare("reports.AlertCheck", [(OWNER, "institution checked_at"), (NOBODY, "day")])
