"""What the database itself says of the city's approvals in a crisis."""

from medshare_portal.db.guarantees import Guarantee, declare
from scheduling.guarantees import TABLE, abort, refuse
from scheduling.relaxations.city_approval import CITY_APPROVES

APPROVALS = "scheduling_cityapproval"
CORE = "medshare_portal_crisis"


def _reaches(side: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {CORE}reach x WHERE x.crisis_id = c.id "
        f"AND x.institution_id = r.{side}_id AND x.kind = r.kind)"
    )


WITHIN = (
    f"(NOT EXISTS (SELECT 1 FROM {CORE}category g WHERE g.crisis_id = c.id AND g.kind = r.kind) "
    f"OR EXISTS (SELECT 1 FROM {CORE}category g JOIN resources_resource s ON s.id = r.resource_id "
    "WHERE g.crisis_id = c.id AND g.category = s.category_id))"
)
ALLOWED = (
    f"SELECT 1 FROM {CORE} c JOIN {TABLE} r ON r.id = NEW.sharing_request_id "
    "WHERE c.id = NEW.crisis_id AND r.priority = 'stat' "
    "AND NEW.at >= c.starts_at AND NEW.at < COALESCE(c.ended_at, c.ends_at) "
    f"AND EXISTS (SELECT 1 FROM {CORE}relaxation l WHERE l.crisis_id = c.id "
    f"AND l.code = '{CITY_APPROVES}') "
    f"AND {_reaches('owner')} AND {_reaches('borrower')} AND {WITHIN}"
)
declare(
    Guarantee(
        name="city_approval_within_a_crisis",
        table=APPROVALS,
        events=("INSERT",),
        truth="The city approves an emergency only, while a crisis lasts that lets it and that "
        "reaches both sides and what is lent.",
        sqlite=abort("city_approval_within_a_crisis", f"NOT EXISTS ({ALLOWED})"),
        postgresql=refuse(
            f"NOT EXISTS ({ALLOWED})", "city_approval_within_a_crisis", "check_violation"
        ),
    )
)

OBJECTED_ONCE = (
    "OLD.objected_at IS NULL AND NEW.objected_at IS NOT NULL "
    "AND NEW.sharing_request_id = OLD.sharing_request_id AND NEW.crisis_id = OLD.crisis_id "
    "AND NEW.by_id = OLD.by_id AND NEW.at = OLD.at AND NEW.reason = OLD.reason "
    "AND NEW.waited_minutes = OLD.waited_minutes"
)
declare(
    Guarantee(
        name="city_approval_objected_once",
        table=APPROVALS,
        events=("UPDATE",),
        truth="Of an approval by the city only the owner's objection is filled in, once.",
        sqlite=abort("city_approval_objected_once", f"NOT ({OBJECTED_ONCE})"),
        postgresql=refuse(
            f"NOT ({OBJECTED_ONCE})", "city_approval_objected_once", "check_violation"
        ),
    )
)
REFUSED = f"{APPROVALS}: append-only"
# Named as ``append_only`` names them, so that a demo can be emptied.
for _event, _name, _sqlite in (
    ("DELETE", "append_only", f"SELECT RAISE(ABORT, '{REFUSED}');"),
    ("TRUNCATE", "never_emptied", ""),
):
    declare(
        Guarantee(
            name=f"{APPROVALS}_{_name}",
            table=APPROVALS,
            events=(_event,),
            truth="An approval by the city is never removed.",
            sqlite=_sqlite,
            postgresql=f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23000';",
        )
    )
