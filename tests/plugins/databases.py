"""A test about one kind of database is not collected on the other.

Not skipped: on that other database there is nothing to prove.
"""

from django.conf import settings


def pytest_collection_modifyitems(config, items):
    vendor = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    others = {"postgresql", "sqlite"} - {"sqlite" if vendor == "sqlite3" else vendor}
    apart = [item for item in items if any(item.get_closest_marker(name) for name in others)]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in set(apart)]
