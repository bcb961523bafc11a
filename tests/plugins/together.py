"""Under ``--dist loadgroup`` a module stays with one worker, and all that read the demo city too.

What a module's fixtures make is made once then, and the city once for each kind of database.
"""

import pytest


@pytest.hookimpl(tryfirst=True)  # ahead of xdist, which reads the marks
def pytest_collection_modifyitems(items):
    for item in items:
        city = "city_database" in item.fixturenames
        group = "the demo city" if city else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
