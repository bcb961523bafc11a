"""Who reads which field of a statement: both sides, each other's counterparts, and the city.

No person is named to the city, and none of the city's to the sides.
"""

from medshare_portal.visibility import NOBODY, OWNER, OWNER_AND_CITY, SIDES, SIDES_AND_CITY, declare

declare(
    "reports.Statement",
    [
        (SIDES_AND_CITY, "id first second month currency state drafted_at review_until closed_at"),
        (SIDES_AND_CITY, "first_accepted_at second_accepted_at"),
        (SIDES, "first_accepted_by second_accepted_by"),
    ],
)
declare(
    "reports.StatementLine",
    [
        (SIDES_AND_CITY, "id statement sort creditor debtor sharing_request dispute kind"),
        (SIDES_AND_CITY, "reference what_en what_zh starts_at ends_at unit quantity price amount"),
        (SIDES_AND_CITY, "made_at"),
    ],
)
declare(
    "reports.LineDispute",
    [
        (SIDES_AND_CITY, "id line state claims before_quantity before_price before_amount"),
        (SIDES_AND_CITY, "after_quantity after_price after_amount reason raised_at"),
        (SIDES_AND_CITY, "answer answered_at city_asked_at decision decided_at"),
        (SIDES, "raised_by answered_by city_asked_by"),
        (NOBODY, "decided_by"),
    ],
)
# A fact of demand is of who wanted it.
declare(
    "reports.DemandFact",
    [
        (OWNER_AND_CITY, "id source source_key reference institution_key institution_en"),
        (OWNER_AND_CITY, "institution_zh owner_key owner_en owner_zh kind category_code"),
        (OWNER_AND_CITY, "category_path category_en category_zh quantity starts_at ends_at"),
        (OWNER_AND_CITY, "needed_by urgency outcome reason_code as_request first_asked_at"),
        (OWNER_AND_CITY, "ended_at recorded_at"),
    ],
)
# A forecast is its institution's; the city counts what they warn of.
declare(
    "reports.Forecast",
    [
        (OWNER_AND_CITY, "id institution kind category subject name_en name_zh warned severity"),
        (OWNER_AND_CITY, "computed_at inputs_until"),
        (OWNER, "method known_days mase naive_mase coverage tried_steps first_day expected low"),
        (OWNER, "high figures"),
    ],
)
declare("reports.ForecastNight", [(OWNER_AND_CITY, "institution computed_at forecasts")])
