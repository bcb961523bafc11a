"""Make the rows of a table what they were counted to be: only rows that differ are written."""

from collections.abc import Mapping

from django.db.models import Model, QuerySet

from medshare_portal.db.new_rows import insert_rows
from medshare_portal.tenancy import TenantQuerySet
from reports.rollups.columns import COLUMNS

REASON = "what is counted is written by the system, of every institution"
AT_ONCE = 500
Key = tuple


class Stored:
    """A table whose rows are a key and ``COLUMNS``."""

    def __init__(self, model: type[Model], keys: tuple[str, ...]):
        self.model, self.keys = model, keys

    def read(self, rows: QuerySet) -> dict[Key, tuple[int, list[int]]]:
        """key → (primary key, numbers)."""
        cut = 1 + len(self.keys)
        return {
            values[1:cut]: (values[0], list(values[cut:]))
            for values in rows.values_list("pk", *self.keys, *COLUMNS)
        }

    def write(self, counted: Mapping[Key, list[int]], stored) -> set[Key]:
        """``stored``: what ``read`` found of the same rows.  Returns the keys of what changed."""
        gone = {k for k, (_pk, numbers) in stored.items() if counted.get(k) != numbers}
        fresh = {k for k, numbers in counted.items() if k not in stored or k in gone}
        self._delete([stored[key][0] for key in gone])
        self._insert({key: counted[key] for key in sorted(fresh)})
        return gone | fresh

    def _delete(self, primary: list[int]) -> None:
        manager: TenantQuerySet = self.model.objects
        for first in range(0, len(primary), AT_ONCE):
            rows = manager.everywhere(reason=REASON).filter(pk__in=primary[first : first + AT_ONCE])
            rows.delete()

    def _insert(self, rows: Mapping[Key, list[int]]) -> None:
        """A year of a large city is millions of them."""
        if rows:
            columns = (*self.keys, *COLUMNS)
            insert_rows(self.model, columns, ((*key, *found) for key, found in rows.items()))
