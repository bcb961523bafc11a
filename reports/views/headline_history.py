"""The numbers of the little lines beside the headlines, as one table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.charts import DataTable, TableRow
from reports.kpi_words import measure_words
from reports.periods import Period
from reports.views.figures import piece_words


def history_table(headlines: Sequence[dict], period: Period, currency: str) -> DataTable:
    """``history`` of each headline: a Measure or None for each piece of the period."""
    pieces = [piece_words(piece, period.step) for piece in period.pieces()]
    histories = [
        [measure_words(measure, currency) if measure else "–" for measure in row["history"]]
        for row in headlines
    ]
    return DataTable(
        _("Headline numbers over the period"),
        (_("Period"), *(str(row["name"]) for row in headlines)),
        tuple(TableRow(piece, cells) for piece, *cells in zip(pieces, *histories, strict=True)),
    )
