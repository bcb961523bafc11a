"""Long lists: the keys of what fits first, then the rows of one page.

One narrow statement counts, sorts and finds the page; what a row shows is read for fifty rows and
not for all that fit.  Only the first MOST are found: a longer list is narrowed, not paged through.
"""

from collections.abc import Callable

from django.core.paginator import Paginator
from django_tables2.data import TableData
from django_tables2.utils import OrderBy

from medshare_portal.long_lists import MOST, MoreKeys


class FoundKeys(TableData):
    """A table's data: ``find`` gets what the reader sorts by (or nothing) and returns keys."""

    def __init__(self, find: Callable[[tuple[str, ...]], list[int] | MoreKeys]):
        super().__init__(())
        self.find, self.order = find, ()

    def order_by(self, aliases) -> None:
        columns = (self.table.columns[OrderBy(alias).bare] for alias in aliases)
        self.order = tuple(part.for_queryset() for column in columns for part in column.order_by)

    def keys(self) -> list[int] | MoreKeys:
        return self.find(self.order)


class KeyPaginator(Paginator):
    """Pages through ``FoundKeys``; a page's ``object_list`` is keys."""

    def __init__(self, rows, per_page, **options):
        super().__init__(rows.data.keys(), per_page, **options)

    @property
    def capped(self) -> bool:
        """Whether there may be more than was counted."""
        return self.count >= MOST or isinstance(self.object_list, MoreKeys)
