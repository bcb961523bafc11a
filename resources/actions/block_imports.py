"""A calendar file brought in: new times, changed, moved and removed ones, all or none."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from resources.actions.blocks import locked, refusing, tell_of, write
from resources.calendar_changes import Changes, Kept, Named, compare
from resources.models import BusyBlock

UPDATED = ("ends_at", "note", "reason", "source_starts_at")


class ImportOutOfDate(Refusal):
    """What would be moved or removed is no longer what the owner was shown."""

    message = _("The kept times have changed since the list was shown. Choose the file again.")


class Imported(NamedTuple):
    """How many times of each sort."""

    new: int
    updated: int
    moved: int
    removed: int


def changes_of(resource, entries: Iterable[Kept], *, named: Named, now: datetime) -> Changes:
    """What the entries of a file that names these events change among the imported blocks."""
    rows = BusyBlock.objects.owned_by(resource.institution).filter(resource=resource)
    return compare(entries, rows.exclude(source_uid=""), named=named, now=now)


def bring_in(
    *,
    resource,
    entries: Iterable[Kept],
    reason: str,
    by,
    now: datetime,
    named: Named,
    going: Collection[int] = (),
) -> Imported:
    """Write the events of a calendar, all or none.

    ``named`` is what the file speaks of, cancelled too; ``going`` the ids of the blocks that
    the owner saw move or go.  Raises ImportOutOfDate, BlockOverBooking.
    """
    resource = locked(resource, now)
    changes = changes_of(resource, entries, named=named, now=now)
    if {block.pk for block in changes.going} != set(going):
        raise ImportOutOfDate
    gone = BusyBlock.objects.owned_by(resource.institution).filter(pk__in=going)
    tell_of(resource, gone, now)
    gone.delete()
    updated = _update(resource, changes.same, reason, now)
    moved = [entry for _block, entry in changes.moved]
    write(resource, [*changes.fresh, *moved], reason, by, now)
    done = Imported(len(changes.fresh), updated, len(moved), len(changes.removed))
    audit.record(
        chains=[resource.institution.slug],
        by=by,
        action="blocks.imported",
        obj=resource,
        now=now,
        data=done._asdict() | {"reason": reason},
    )
    return done


def _update(resource, pairs: list[tuple], reason: str, now: datetime) -> int:
    """Bring known blocks up to date; how many were not."""
    changed = []
    for block, entry in pairs:
        said = (entry.ends_at, entry.note, reason, entry.occurrence)
        if said != tuple(getattr(block, name) for name in UPDATED):
            tell_of(resource, [block], now)
            for name, value in zip(UPDATED, said, strict=True):
                setattr(block, name, value)
            changed.append(block)
    tell_of(resource, changed, now)
    with refusing(resource, changed, now):
        for block in changed:
            block.save(update_fields=UPDATED)
    return len(changed)
