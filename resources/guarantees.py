"""Truths of the catalogue that the database keeps by itself."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare

append_only("resources_uselogentry", "A recorded use is never changed or removed.")
append_only(
    "resources_accessterms",
    "Conditions that people may have agreed to are never changed or removed.",
    unique=("resource_id", "number"),
)
append_only("resources_recognitionrecord", "What was recognised is never changed or removed.")


def same_tenant(name: str, table: str, truth: str, condition: str) -> None:
    """Declare that a row's references stay within what ``condition`` (SQL on NEW) says."""
    declare(
        Guarantee(
            name=name,
            table=table,
            events=("INSERT", "UPDATE"),
            truth=truth,
            sqlite=f"SELECT RAISE(ABORT, '{name}') WHERE NOT EXISTS ({condition});",
            postgresql=f"IF NOT EXISTS ({condition}) THEN RAISE EXCEPTION '{name}' "
            "USING ERRCODE = 'check_violation'; END IF;",
        )
    )


same_tenant(
    "resource_site_and_category_fit",
    "resources_resource",
    "A resource stands at a site of its institution and in a category of its kind.",
    "SELECT 1 FROM medshare_portal_site s, resources_category c WHERE s.id = NEW.site_id "
    "AND s.institution_id = NEW.institution_id AND c.id = NEW.category_id AND c.kind = NEW.kind",
)
OF_RESOURCE = (
    "SELECT 1 FROM resources_resource r WHERE r.id = NEW.resource_id "
    "AND r.institution_id = NEW.institution_id"
)
OF_ITS_RESOURCE = (
    "offer",
    "offeredinterval",
    "busyblock",
    "attachment",
    "sharedfile",
    "accessterms",
)
OF_ITS_PERSON = ("credential", "practicebasis", "indemnity", "committedshift")
for table in (*OF_ITS_RESOURCE, *OF_ITS_PERSON):
    same_tenant(
        f"{table}_of_its_resource",
        f"resources_{table}",
        f"A row of {table} belongs to the institution of its resource.",
        OF_RESOURCE,
    )

same_tenant(
    "medicinelot_of_its_resource",
    "resources_medicinelot",
    "A lot is a resource of kind medicine and belongs to its institution.",
    f"{OF_RESOURCE} AND r.kind = 'medicine'",
)

REMOVE = (
    "INSERT INTO resource_search(resource_search, rowid, search_text) "
    "VALUES('delete', OLD.id, OLD.search_text);"
)
ADD = "INSERT INTO resource_search(rowid, search_text) VALUES(NEW.id, NEW.search_text);"
for event, statements in {"INSERT": ADD, "UPDATE": REMOVE + ADD, "DELETE": REMOVE}.items():
    declare(
        Guarantee(
            name=f"resource_search_follows_{event.lower()}",
            table="resources_resource",
            events=(event,),
            truth="The search index holds what search_text says (PostgreSQL: an expression index).",
            when="OLD.search_text <> NEW.search_text" if event == "UPDATE" else "",
            sqlite=statements,
            postgresql="",
        )
    )

# The stock ledger of medicines: a line moves the balances of its lot, nothing else can, and a line
# is never changed.  ``0 <= reserved <= on_hand`` and ``in_transit >= 0`` are the lot's own checks.
LEDGER, LOTS = "resources_stockmovement", "resources_medicinelot"
BALANCES = ("on_hand", "reserved", "in_transit")
IDENTITY = ("lot_no", "mfg_date", "expiry_date", "approval_no", "gtin", "item_key", "pack_size")

append_only(LEDGER, "A line of the stock ledger is never changed or removed.")

MOVE = (
    f"UPDATE {LOTS} SET "
    + ", ".join(f"{name} = {name} + NEW.{name}_change" for name in BALANCES)
    + " WHERE resource_id = NEW.lot_id;"
)
declare(
    Guarantee(
        name="ledger_moves_stock",
        table=LEDGER,
        events=("INSERT",),
        truth="Every line of the ledger moves the balances of its lot.",
        sqlite=MOVE,
        postgresql=MOVE,
        postgresql_timing="AFTER",
    )
)

SUMS_DIFFER = " OR ".join(
    f"NEW.{name} <> (SELECT COALESCE(SUM(m.{name}_change), 0) FROM {LEDGER} m "
    "WHERE m.lot_id = NEW.resource_id)"
    for name in BALANCES
)
declare(
    Guarantee(
        name="stock_is_its_ledger",
        table=LOTS,
        events=("INSERT", "UPDATE"),
        truth="What a lot has on hand, reserved and on the way are the sums of its ledger.",
        sqlite=f"SELECT RAISE(ABORT, 'stock_is_its_ledger') WHERE {SUMS_DIFFER};",
        postgresql=f"IF {SUMS_DIFFER} THEN RAISE EXCEPTION 'stock_is_its_ledger' "
        "USING ERRCODE = 'check_violation'; END IF;",
    )
)

# What was promised under an offer, dispatched or not, stays within it.  The name comes after that
# of the trigger that locks the lot, so that PostgreSQL counts one line at a time.
OVER_OFFER = (
    "NEW.offer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM resources_offer o "
    "WHERE o.id = NEW.offer_id AND o.resource_id = NEW.lot_id AND o.quantity >= "
    f"(SELECT COALESCE(SUM(m.reserved_change), 0) FROM {LEDGER} m WHERE m.offer_id = o.id "
    "AND m.sort IN ('reserve', 'release')))"
)
declare(
    Guarantee(
        name="ledger_within_offer",
        table=LEDGER,
        events=("INSERT",),
        truth="Under an offer no more is promised than it offers of its own lot.",
        sqlite=f"SELECT RAISE(ABORT, 'ledger_within_offer') WHERE {OVER_OFFER};",
        postgresql=f"IF {OVER_OFFER} THEN RAISE EXCEPTION 'ledger_within_offer' "
        "USING ERRCODE = 'check_violation'; END IF;",
        postgresql_timing="AFTER",
    )
)

CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in IDENTITY)
IDENTITY_CHANGED = f"OLD.identity_fixed AND (NOT NEW.identity_fixed OR {CHANGED})"
declare(
    Guarantee(
        name="lot_identity_is_fixed",
        table=LOTS,
        events=("UPDATE",),
        truth="Once offered, a lot keeps its number, dates and item (MED-01).",
        sqlite=f"SELECT RAISE(ABORT, 'lot_identity_is_fixed') WHERE {IDENTITY_CHANGED};",
        postgresql=f"IF {IDENTITY_CHANGED} THEN RAISE EXCEPTION 'lot_identity_is_fixed' "
        "USING ERRCODE = 'check_violation'; END IF;",
    )
)
