"""INF-10 and INF-11: what an uploaded file may hold, said by column and row."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from medshare_portal.findings import Finding, Severity
from resources.kinds.information.identifiers import Hit
from resources.kinds.information.rules.sources import DISCLOSURE, pipl
from resources.kinds.information.small_cells import SmallCell
from resources.person_data import WORDS

MOST_CELLS_NAMED = 20


def of_identifiers(hits: list[Hit]) -> Iterator[Finding]:
    """INF-10: one finding per column and identifier."""
    for hit in hits:
        yield Finding(
            code="INF-10",
            severity=Severity.BLOCK,
            message=_("Column “%(column)s” holds direct identifiers (%(what)s): %(where)s."),
            params={"column": hit.column[:60], "what": WORDS[hit.identifier], "where": _Where(hit)},
            advice=_("Remove the column or replace it by a pseudonym, then upload again."),
            source=pipl("73"),
        )


class _Where:
    """Sheet and rows of a hit, worded when shown."""

    def __init__(self, hit: Hit):
        self.hit = hit

    def __str__(self) -> str:
        numbers = ", ".join(map(str, self.hit.rows))
        more = self.hit.count - len(self.hit.rows)
        words = _("rows %(rows)s and %(n)s more") if more else _("rows %(rows)s")
        words = str(words) % {"rows": numbers, "n": more}
        return f"{self.hit.sheet}, {words}" if self.hit.sheet else words


def of_small_cells(cells: list[SmallCell], *, k: int) -> Iterator[Finding]:
    """INF-11: every small count, the first twenty by name."""
    for cell in cells[:MOST_CELLS_NAMED]:
        yield Finding(
            code="INF-11",
            severity=Severity.BLOCK,
            message=_("Column “%(column)s”, row %(row)s: %(value)s is below %(k)s."),
            params={
                "column": cell.column[:60],
                "row": f"{cell.sheet} {cell.row}".strip(),
                "value": cell.value,
                "k": k,
            },
            advice=_("Tick “suppress small counts”, or join groups and upload again."),
            source=DISCLOSURE,
        )
    if len(cells) > MOST_CELLS_NAMED:
        yield Finding(
            code="INF-11",
            severity=Severity.BLOCK,
            message=_("And %(n)s more counts below %(k)s."),
            params={"n": len(cells) - MOST_CELLS_NAMED, "k": k},
            source=DISCLOSURE,
        )


def not_to_be_scanned() -> Finding:
    """INF-10: what cannot be looked at cell by cell is not called de-identified."""
    return Finding(
        code="INF-10",
        severity=Severity.BLOCK,
        message=_("Only tables (CSV, Excel) and texts can be checked for direct identifiers."),
        advice=_(
            "Upload a table or a text without pictures, notes, pivot tables and formulas: "
            "copy the values into a new sheet."
        ),
        source=pipl("73"),
    )
