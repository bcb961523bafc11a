"""Try the forecast on a file of one's own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reports.forecast import forecast
from reports.forecast.table import BadTable, read

HEAD = ("series", "steps", "method", "MASE", "naive", "coverage", "tried")
ROW = "{:24.24} {:>8} {:20} {:>6} {:>6} {:>8} {:>7}"


class Command(BaseCommand):
    help = (
        "Read a CSV file of daily or hourly numbers and print, per series, the method chosen, its"
        " MASE and that of “as a week ago”, and how much of what came the 80 % band held."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--moment", default="date", help="column of the day or the hour")
        parser.add_argument("--number", default="value", help="column of the numbers")
        parser.add_argument("--name", help="column that names the series")
        parser.add_argument("--format", help="how moments are written, as for strptime")
        parser.add_argument(
            "--moments", type=int, default=24, help="of the past to try from; the later half counts"
        )
        parser.add_argument("--holidays", type=Path, help="file of days (2026-10-01), one a line")
        parser.add_argument("--horizon", type=int, help="steps ahead (14 days, 168 hours)")

    def handle(self, *args, **options):
        if options["horizon"] is not None and not 1 <= options["horizon"] <= 10_000:
            raise CommandError("--horizon must be from 1 to 10000")
        if not 2 <= options["moments"] <= 1_000:
            raise CommandError("--moments must be from 2 to 1000")
        holidays = _days(options["holidays"]) if options["holidays"] else frozenset()
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as lines:
                found = read(
                    lines,
                    moment=options["moment"],
                    number=options["number"],
                    name=options["name"],
                    moment_format=options["format"],
                )
        except (BadTable, OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"{options['file']}: {fault}") from fault
        self.stdout.write(ROW.format(*HEAD))
        for name, series in sorted(found.items()):
            dated = replace(series, holidays=holidays)
            result = forecast(dated, options["horizon"], options["moments"])
            self.stdout.write(_row(name, len(series.values), result))


def _days(path: Path) -> frozenset[date]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split()
        return frozenset(date.fromisoformat(line) for line in lines)
    except (OSError, ValueError) as fault:
        raise CommandError(f"{path}: {fault}") from fault


def _row(name: str, steps: int, result) -> str:
    trial = result.backtest
    if trial is None:
        return ROW.format(name, steps, result.method, "-", "-", "-", "-") + " too short to try"
    words = "" if trial.beats_naive else " no better than as a week ago"
    numbers = (f"{trial.mase:.3f}", f"{trial.naive:.3f}", f"{trial.coverage:.1%}", trial.steps)
    return ROW.format(name, steps, result.method, *numbers) + words
