"""The forecast tried on a file, from the command line."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def file(tmp_path):
    def write(text: str):
        path = tmp_path / "numbers.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def days(count: int) -> str:
    first = np.datetime64("2025-01-01")
    numbers = np.random.default_rng(1).poisson(np.resize([30, 30, 30, 30, 30, 9, 9], count))
    rows = [f"{first + place},{number}" for place, number in enumerate(numbers)]
    return "\n".join(["date,value", *rows])


def test_each_series_is_told_with_its_method_and_errors(file, capsys):
    call_command("forecast_try", file(days(300)))
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["series", "steps", "method", "MASE", "naive", "coverage", "tried"]
    name, steps, *method, mase, naive, coverage, tried = row.split()
    assert (name, steps, method[:2], tried) == ("value", "300", ["seasonal", "level"], "140")
    assert 0.6 < float(mase) < float(naive)
    assert 70 < float(coverage.rstrip("%")) < 90


def test_a_short_series_says_so(file, capsys):
    call_command("forecast_try", file(days(10)))
    assert capsys.readouterr().out.splitlines()[1].endswith("too short to try")


def test_what_does_not_beat_last_week_says_so(file, capsys):
    rows = [f"{np.datetime64('2025-01-01') + day},{day}" for day in range(200)]
    call_command("forecast_try", file("\n".join(["date,value", *rows])))
    assert capsys.readouterr().out.splitlines()[1].endswith("no better than as a week ago")


def test_a_fault_of_the_file_is_told_with_its_name(file):
    with pytest.raises(CommandError, match=r"numbers\.csv: line 2, column value"):
        call_command("forecast_try", file("date,value\n2026-01-01,x"))


def test_a_file_that_is_not_there_or_no_text_is_told(file, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("forecast_try", tmp_path / "none.csv")
    binary = tmp_path / "picture.csv"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(CommandError, match=r"picture\.csv"):
        call_command("forecast_try", binary)


@pytest.mark.parametrize("horizon", [0, -1, 10_001])
def test_a_horizon_out_of_bounds_is_refused(file, horizon):
    with pytest.raises(CommandError, match="--horizon"):
        call_command("forecast_try", file(days(30)), horizon=horizon)


@pytest.mark.parametrize("moments", [1, 1_001])
def test_moments_out_of_bounds_are_refused(file, moments):
    with pytest.raises(CommandError, match="--moments"):
        call_command("forecast_try", file(days(30)), moments=moments)


def test_it_is_tried_from_as_many_moments_as_asked(file, capsys):
    call_command("forecast_try", file(days(400)), moments=6, horizon=7)
    assert capsys.readouterr().out.split()[-1] == "21"


def test_given_holidays_are_read_from_a_file_and_a_fault_in_it_is_told(file, tmp_path, capsys):
    path = tmp_path / "days.txt"
    path.write_text("2025-01-10\n2025-02-20\n2025-03-30\n", encoding="utf-8")
    first = np.datetime64("2025-01-01")
    free = {"2025-01-10", "2025-02-20", "2025-03-30"}
    numbers = np.random.default_rng(1).poisson(np.resize([90, 90, 90, 90, 90, 40, 40], 200))
    rows = [
        f"{day},{0 if str(day) in free else number}"
        for day, number in zip(first + np.arange(200), numbers, strict=True)
    ]
    call_command("forecast_try", file("\n".join(["date,value", *rows])), holidays=path)
    assert "value" in capsys.readouterr().out
    path.write_text("2025-13-01", encoding="utf-8")
    with pytest.raises(CommandError, match=r"days\.txt"):
        call_command("forecast_try", file(days(30)), holidays=path)
