"""INF-11: counts from 1 to k − 1 are found and suppressed so that a total does not give them back."""

from hypothesis import given
from hypothesis import strategies as st

from resources.kinds.information.small_cells import counting_columns, small_cells, suppressed
from resources.kinds.information.tabular import Table

K = 5


def table(header, *rows) -> Table:
    return Table(header=tuple(header), rows=tuple(tuple(map(str, row)) for row in rows))


def places(found) -> list[tuple]:
    return [(cell.column, cell.row, cell.value) for cell in found]


def test_a_count_of_four_is_small_five_and_zero_are_not():
    counts = table(["病种", "人数"], ["A", 4], ["B", 5], ["C", 0], ["D", 1])
    assert places(small_cells(counts, k=K)) == [("人数", 2, 4), ("人数", 5, 1)]


def test_a_heading_that_counts_leaves_other_numbers_alone():
    ages = table(["age", "cases"], [3, 40], [4, 50])
    assert places(small_cells(ages, k=K)) == []


def test_without_such_a_heading_every_column_of_whole_numbers_counts_but_years():
    wards = table(["year", "ICU", "rate"], [2024, 3, 0.2], [2025, 9, 0.5])
    assert counting_columns(wards) == [1]
    assert places(small_cells(wards, k=K)) == [("ICU", 2, 3)]


def test_thousands_are_numbers():
    assert places(small_cells(table(["n"], ["1,234"], ["2"]), k=K)) == [("n", 3, 2)]


def test_one_hidden_cell_takes_the_next_smallest_with_it():
    counts = table(["ward", "n"], ["A", 3], ["B", 9], ["C", 40], ["Total", 52])
    assert suppressed(counts, k=K).column(1) == ["<5", "*", "40", "52"]


def test_two_hidden_cells_hide_each_other():
    counts = table(["ward", "n"], ["A", 3], ["B", 2], ["C", 40])
    assert suppressed(counts, k=K).column(1) == ["<5", "<5", "40"]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(2, 11))
def test_nothing_small_is_left_and_never_one_cell_alone(values, k):
    after = suppressed(table(["n"], *[[value] for value in values]), k=k)
    assert small_cells(after, k=k) == []
    hidden = [cell for cell in after.column(0) if not cell.isdigit()]
    positive = [value for value in values if value]
    assert len(hidden) != 1 or len(positive) == 1
