"""What a roster or a calendar would change, looked at before anything is written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from medshare_portal.local_times import describe_period
from resources.calendar_changes import compare
from resources.kinds.staff.shift_lines import Line
from resources.models import CommittedShift, Resource


@dataclass(frozen=True)
class CellProblem:
    """What is wrong, at which line and in which column of the file."""

    line: int
    column: str
    text: str


@dataclass
class DryRun:
    """``lines`` are what would be written, ``known`` those that are there already."""

    lines: list[Line] = field(default_factory=list)
    known: set[tuple[int, datetime]] = field(default_factory=set)
    going: list[CommittedShift] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    badges: dict[int, Resource] = field(default_factory=dict)

    @property
    def happens(self) -> bool:
        return bool(self.lines or self.going) and not self.problems


def own_people(institution) -> dict[str, Resource]:
    """Our own people by badge."""
    rows = Resource.objects.owned_by(institution).filter(staff_member__isnull=False)
    return {row.code: row for row in rows.select_related("site", "institution")}


def try_roster(institution, forms: Iterable[tuple[int, object]]) -> DryRun:
    """A roster's rows (line number, ShiftRow) against what is entered already."""
    run, numbered = DryRun(), []
    for number, row in forms:
        if row.is_valid():
            run.badges[row.person.pk] = row.person
            numbered.append((number, row.line()))
        else:
            run.problems += [
                CellProblem(number, name, error)
                for name, errors in row.errors.items()
                for error in errors
            ]
    run.lines = [line for _number, line in numbered]
    existing = _existing(institution, run.lines)
    run.known = {(shift.resource_id, shift.starts_at) for shift in existing}
    run.problems += _overlaps(numbered, existing, run.badges)
    return run


def try_calendar(resource: Resource, reading, employer: str, now: datetime) -> DryRun:
    """A person's calendar against what was imported before: new, same, moved and gone."""
    own = CommittedShift.objects.owned_by(resource.institution).filter(resource=resource)
    imported = own.exclude(source_uid="")
    changes = compare(reading.entries, imported, named=reading.named, now=now)
    run = DryRun(badges={resource.pk: resource}, going=changes.going)
    run.lines = [
        Line(
            resource.pk,
            entry.starts_at,
            entry.ends_at,
            employer=employer,
            uid=entry.uid,
            occurrence=entry.occurrence,
        )
        for entry in reading.entries
    ]
    run.known = {(resource.pk, shift.starts_at) for shift, _entry in changes.same}
    staying = own.exclude(pk__in=[shift.pk for shift in changes.going])
    numbered = list(enumerate(run.lines, start=1))
    run.problems = [CellProblem(each.number, "VEVENT", each.text) for each in reading.problems]
    run.problems += _overlaps(numbered, _around(staying, run.lines), run.badges)
    return run


def _existing(institution, lines: list[Line]) -> list[CommittedShift]:
    own = CommittedShift.objects.owned_by(institution)
    return _around(own.filter(resource__in={line.resource for line in lines}), lines)


def _around(rows, lines: list[Line]) -> list[CommittedShift]:
    if not lines:
        return []
    first = min(line.starts_at for line in lines)
    last = max(line.ends_at for line in lines)
    return list(rows.overlapping(first, last))


def _overlaps(numbered, existing, badges: dict) -> list[CellProblem]:
    """Nobody works two shifts at once: neither in the file nor with what is entered."""
    replaced = {(line.resource, line.starts_at) for _number, line in numbered}
    taken: dict[int, list] = defaultdict(list)
    for shift in existing:
        if (shift.resource_id, shift.starts_at) not in replaced:
            taken[shift.resource_id].append((shift.starts_at, shift.ends_at, 0))
    for number, line in numbered:
        taken[line.resource].append((line.starts_at, line.ends_at, number))
    problems = []
    for resource, times in taken.items():
        for (first, last, earlier), (starts_at, _ends_at, number) in pairwise(sorted(times)):
            if starts_at < last:
                words = describe_period(first, last, tz=badges[resource].site.time_zone)
                text = _("Overlaps the shift %(period)s.") % {"period": words}
                problems.append(CellProblem(number or earlier, "start", text))
    return sorted(problems, key=lambda problem: problem.line)
