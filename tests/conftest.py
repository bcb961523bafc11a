"""The doctrine of the suite; each rule is one short plugin."""

pytest_plugins = [
    "pytester",
    "tests.plugins.translations",
    "tests.plugins.sockets",
    "tests.plugins.logs",
    "tests.plugins.templates",
    "tests.plugins.files",
    "tests.plugins.databases",
    "tests.plugins.together",
    "tests.plugins.emptied",
    "tests.plugins.skips",
    "tests.plugins.migrated",
    "tests.plugins.portal",
    "tests.plugins.browser",
]
