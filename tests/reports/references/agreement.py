"""Whether the product says what the rows say."""

import pytest

from reports.periods import Period
from reports.queries.all_figures import all_figures, figures_of, ground_of
from tests.reports.references import ROUGH, expected
from tests.reports.references.seen import Seen

CLOSE = {"rel": 1e-9, "abs": 1e-9}
ROUGHLY = {"rel": 0.023, "abs": 0.01}  # what a histogram may be off


def wrong(house, period: Period, now, **grid) -> dict:
    """(of the product, of the rows) where they are not the same."""
    ground = ground_of(house, period, now=now)  # what rests on few people too
    made = {(one.code, one.part): one.measure.value for one in figures_of(ground)}
    slow = expected(Seen(house, period.first, period.last, now, **grid))
    listed = {(figure.code, figure.part) for figure in all_figures(house, period, now=now)}
    assert listed == set(made)
    return {
        key: (made.get(key, "nothing"), slow.get(key, "nothing"))
        for key in sorted({*made, *slow})
        if key not in made or key not in slow or not _same(key, made, slow, house)
    }


def _same(key, made: dict, slow: dict, house) -> bool:
    if made[key] is None or slow[key] is None:
        return made[key] is slow[key]
    rough = house is None and key[0] in ROUGH
    return float(made[key]) == pytest.approx(slow[key], **ROUGHLY if rough else CLOSE)
