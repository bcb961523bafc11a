"""Copies of a migrated database: a real server writes to its own and nothing is rolled back.

Emptying the tables instead would not do: the append-only ones refuse it.
"""

import contextlib
import itertools
import os
import shutil
import urllib.parse

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import connections

NUMBERS = itertools.count(1)


class SqliteCopies:
    def __init__(self, folder, shared=None):
        self.template = (shared or folder) / "template.sqlite3"
        self._folder = folder
        self.template_url = self._url(self.template)

    def create_template(self):
        """SQLite makes the file at the first connection."""

    def make(self):
        """Return (url, name) of a new copy; the template is closed, so a plain copy is whole."""
        path = self._folder / f"copy-{next(NUMBERS)}.sqlite3"
        shutil.copyfile(self.template, path)
        return self._url(path), str(path)

    def remove(self, name):
        for suffix in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(name + suffix)

    def close(self):
        self.remove(str(self.template))

    def _url(self, path):
        return f"sqlite:///{urllib.parse.quote(str(path))}"


class PostgresqlCopies:
    def __init__(self, url, template):
        self._url = url
        self.template = template
        self.template_url = self._with_name(self.template)

    def create_template(self):
        self.remove(self.template)  # of an earlier `make test` on a server that was lent to it
        self._execute(f'CREATE DATABASE "{self.template}"')

    def make(self):
        name = f"portal_{os.getpid()}_{next(NUMBERS)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        return self._with_name(name), name

    def remove(self, name):
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self):
        self.remove(self.template)

    def _with_name(self, name):
        return urllib.parse.urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def _execute(self, statement):
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def connected_to(name):
    """Let this process's ORM, in every thread, speak to another database of the same server."""
    settings, connection = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**settings, "NAME": name}
    connections["default"] = connections.create_connection("default")
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = connection
        ContentType.objects.clear_cache()
