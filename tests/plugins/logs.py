"""An ERROR in the log fails the test, unless it asked for `logged_errors` and looks itself."""

import logging

import pytest


class _Collector(logging.Handler):
    def __init__(self):
        super().__init__(level=logging.ERROR)
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture
def logged_errors():
    """The records at ERROR and above that the test caused; asserting on them is its own task."""
    return []


@pytest.fixture(autouse=True)
def _no_unexpected_errors(request):
    collector = _Collector()
    if "logged_errors" in request.fixturenames:
        collector.records = request.getfixturevalue("logged_errors")
    listened = _listened_loggers()
    for logger in listened:
        logger.addHandler(collector)
    yield
    for logger in listened:
        logger.removeHandler(collector)
    if "logged_errors" not in request.fixturenames and collector.records:
        pytest.fail("\n".join(_described(record) for record in collector.records), pytrace=False)


def _listened_loggers():
    """The root hears every logger but those that keep their records to themselves."""
    own = (logger for logger in logging.root.manager.loggerDict.values())
    apart = [x for x in own if isinstance(x, logging.Logger) and not x.propagate]
    return [logging.root, *apart]


def _described(record):
    formatter = logging.Formatter("unexpected in the log: %(levelname)s %(name)s %(message)s")
    return formatter.format(record)
