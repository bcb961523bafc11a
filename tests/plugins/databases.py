"""What proves nothing on a kind of database is not collected there.

Not skipped: a test about one kind of database has nothing to prove on the other, and one that
reads no database says the same on every one, so the run on SQLite is enough.  The same goes for
what is marked ``once``: long walks through pages (who reads which field, who enters where), whose
statements other tests make on both.
"""

from django.conf import settings

# The suite's own database; a portal has another, and a test has one of the two.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
READS = {"portal_database", *DATABASE_FIXTURES}
# These start processes of their own, whatever fixtures they name.
APART = ("race", "long", "browser", "bench")


def pytest_collection_modifyitems(config, items):
    vendor = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    others = {"postgresql", "sqlite"} - {"sqlite" if vendor == "sqlite3" else vendor}
    idle = [
        item
        for item in items
        if _marked(item, others) or (vendor == "postgresql" and _said_already(item))
    ]
    if idle:
        config.hook.pytest_deselected(items=idle)
        items[:] = [item for item in items if item not in set(idle)]


def _said_already(item) -> bool:
    """The run on SQLite is enough."""
    return _marked(item, {"once"}) or not reads_a_database(item)


def reads_a_database(item) -> bool:
    """By its mark or a fixture; who starts a process may read one there."""
    marked = _marked(item, {"django_db", "postgresql", *APART})
    return marked or bool(READS & set(item.fixturenames))


def _marked(item, names) -> bool:
    return any(item.get_closest_marker(name) for name in names)
