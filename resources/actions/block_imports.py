"""A calendar file brought in: new times, changed, moved and removed ones, all or none."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from medshare_portal import audit
from medshare_portal.refusals import Refusal
from resources.actions.blocks import locked, refusing, write
from resources.calendar_changes import Changes, Kept, compare
from resources.models import BusyBlock


class ImportOutOfDate(Refusal):
    """What would be moved or removed is no longer what the owner was shown."""

    message = _("The kept times have changed since the list was shown. Choose the file again.")


class Imported(NamedTuple):
    """How many times of each sort."""

    new: int
    updated: int
    moved: int
    removed: int


def changes_of(resource, entries: Iterable[Kept], *, uids, now: datetime) -> Changes:
    """What the entries of a file that names ``uids`` change among the imported blocks."""
    rows = BusyBlock.objects.owned_by(resource.institution).filter(resource=resource)
    return compare(entries, rows.exclude(source_uid=""), uids=uids, now=now)


def bring_in(
    *,
    resource,
    entries: Iterable[Kept],
    reason: str,
    by,
    now: datetime,
    uids: Collection[str] = (),
    going: Collection[int] = (),
) -> Imported:
    """Write the events of a calendar, all or none.

    ``uids`` are all that the file names, cancelled events too; ``going`` the ids of the blocks
    that the owner saw move or go.  Raises ImportOutOfDate, BlockOverBooking.
    """
    resource = locked(resource, now)
    changes = changes_of(resource, entries, uids=uids, now=now)
    if {block.pk for block in changes.going} != set(going):
        raise ImportOutOfDate
    gone = BusyBlock.objects.owned_by(resource.institution).filter(pk__in=going)
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
        if (block.ends_at, block.note, block.reason) != (entry.ends_at, entry.note, reason):
            block.ends_at, block.note, block.reason = entry.ends_at, entry.note, reason
            changed.append(block)
    with refusing(resource, changed, now):
        for block in changed:
            block.save(update_fields=["ends_at", "note", "reason"])
    return len(changed)
