"""What the database itself keeps true of series and their dates."""

from medshare_portal.db.guarantees import Guarantee, declare
from scheduling.guarantees import TABLE, abort, refuse

SERIES = "scheduling_series"
OWNS = (
    "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id "
    "AND r.institution_id = NEW.owner_id AND r.kind = NEW.kind"
)
declare(
    Guarantee(
        name="series_owner_owns",
        table=SERIES,
        events=("INSERT",),
        truth="A series' owner and kind are its resource's.",
        sqlite=abort("series_owner_owns", f"NOT EXISTS ({OWNS})"),
        postgresql=refuse(f"NOT EXISTS ({OWNS})", "series_owner_owns", "check_violation"),
    )
)

CHANGED = " OR ".join(
    f"NEW.{column} <> OLD.{column}"
    for column in ("resource_id", "owner_id", "borrower_id", "kind", "rule", "created_by_id")
)
declare(
    Guarantee(
        name="series_stays_what_it_is",
        table=SERIES,
        events=("UPDATE",),
        truth="Who asked whom for what in a series never changes.",
        sqlite=abort("series_stays_what_it_is", CHANGED),
        postgresql=refuse(CHANGED, "series_stays_what_it_is", "check_violation"),
    )
)

OF_ITS_SERIES = (
    f"SELECT 1 FROM {SERIES} s WHERE s.id = NEW.series_id "
    "AND s.owner_id = NEW.owner_id "
    "AND s.borrower_id = NEW.borrower_id AND s.kind = NEW.kind"
)
STRANGE = f"NEW.series_id IS NOT NULL AND NOT EXISTS ({OF_ITS_SERIES})"
declare(
    Guarantee(
        name="request_of_its_series",
        table=TABLE,
        events=("INSERT", "UPDATE"),
        truth="A date of a series is between the two institutions of the series, of its kind.",
        when="NEW.series_id IS NOT NULL",
        sqlite=abort("request_of_its_series", STRANGE),
        postgresql=refuse(STRANGE, "request_of_its_series", "check_violation"),
    )
)
declare(
    Guarantee(
        name="request_stays_in_its_series",
        table=TABLE,
        events=("UPDATE",),
        truth="A request neither joins nor leaves a series once it was made.",
        sqlite=abort("request_stays_in_its_series", "NEW.series_id IS NOT OLD.series_id"),
        postgresql=refuse(
            "NEW.series_id IS DISTINCT FROM OLD.series_id",
            "request_stays_in_its_series",
            "check_violation",
        ),
    )
)
