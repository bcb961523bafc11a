"""Truths of the catalogue that the database keeps by itself."""

from medshare_portal.db.guarantees import Guarantee, append_only, declare

append_only("resources_uselogentry", "A recorded use is never changed or removed.")


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
for table in ("offer", "offeredinterval", "busyblock", "attachment"):
    same_tenant(
        f"{table}_of_its_resource",
        f"resources_{table}",
        f"A row of {table} belongs to the institution of its resource.",
        OF_RESOURCE,
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
