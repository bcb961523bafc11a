"""Check a sheet, and store it: every row or none."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from medshare_portal.registry_import.reading import read
from medshare_portal.registry_import.rows import ImportTable, Lookups, RowForm

MOST_ERRORS = 200


class RowsRefused(Refusal):
    """Rows have errors: nothing was stored."""

    message = _("Nothing was imported. Correct the lines named below and try again.")
    status = 422


@dataclass(frozen=True)
class RowError:
    """What is wrong at a line and column."""

    line: int
    column: str
    value: str
    message: str


@dataclass
class Outcome:
    """What an import would do, or did."""

    errors: list[RowError] = field(default_factory=list)
    new: list[tuple[int, RowForm]] = field(default_factory=list)
    updated: list[tuple[int, RowForm]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def writes(self) -> list[tuple[int, RowForm]]:
        return sorted([*self.new, *self.updated], key=lambda pair: pair[0])


def examine(*, table: ImportTable, content: bytes) -> Outcome:
    """Every row through its form, nothing stored.  Raises Unreadable for the whole file."""
    sheet = read(content, list(table.columns), table.needed)
    outcome, lookups, seen = Outcome(), Lookups(), {}
    for line, cells in sheet.rows:
        if len(outcome.errors) >= MOST_ERRORS:
            break
        form = table.row_form(dict(zip(sheet.columns, cells, strict=True)), lookups=lookups)
        key = form.key_of(form.cells)
        if key in seen:
            message = _("The same row stands in line %(line)s.") % {"line": seen[key]}
            outcome.errors.append(RowError(line, table.needed[0], key[0], message))
            continue
        seen[key] = line
        _sort(form, line, outcome)
    return outcome


def _sort(form: RowForm, line: int, outcome: Outcome) -> None:
    if not form.is_valid():
        outcome.errors += _errors_of(form, line)
        return
    form.remember()
    if form.is_new:
        outcome.new.append((line, form))
    elif form.changes:
        outcome.updated.append((line, form))
    else:
        outcome.unchanged += 1


def _errors_of(form: RowForm, line: int) -> list[RowError]:
    """In the order of the columns; what concerns the whole row comes last."""
    places = {name: place for place, name in enumerate(form.cells)}
    found = [
        RowError(line, "" if name == "__all__" else name, form.cells.get(name, "")[:80], message)
        for name, messages in form.errors.items()
        for message in messages
    ]
    return sorted(found, key=lambda error: places.get(error.column, len(places)))


def store(*, table: ImportTable, content: bytes, by, now: datetime) -> Outcome:
    """Check again and store everything in one transaction, with one audit event per chain.

    Raises Unreadable or RowsRefused; then nothing was stored.
    """
    outcome = examine(table=table, content=content)
    if outcome.errors:
        raise RowsRefused
    with transaction.atomic():
        for line, form in outcome.writes:
            _save(form, line)
        if table.after:
            table.after(timezone.localdate(now))
        _record(table, outcome, content, by, now)
    return outcome


def _save(form: RowForm, line: int) -> None:
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError as error:
        message = _("Line %(line)s clashes with another row. Nothing was imported.")
        raise RowsRefused(message % {"line": line}) from error


def _record(table: ImportTable, outcome: Outcome, content: bytes, by, now: datetime) -> None:
    """One event per audit chain: which rows are new, what changed in the others."""
    chains = defaultdict(lambda: {"new": [], "updated": {}})
    for _line, form in outcome.writes:
        facts, key = chains[form.chain()], "/".join(form.key_of(form.cells))
        if form.is_new:
            facts["new"].append(key)
        else:
            facts["updated"][key] = form.changes
    digest = hashlib.sha256(content).hexdigest()
    for chain in sorted(chains):
        audit.record(
            chains=[chain],
            by=by,
            action="registry.imported",
            obj=table.row_form._meta.model(),
            now=now,
            label=str(table.name),
            data={"table": table.name, "sha256": digest, **chains[chain]},
        )


def counts(outcome: Outcome) -> dict[str, int]:
    return Counter(new=len(outcome.new), updated=len(outcome.updated), unchanged=outcome.unchanged)
