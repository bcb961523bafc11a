"""A calendar's rows, drawn: groups of resources with status, lane, and the same in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from medshare_portal.furniture import remembered
from medshare_portal.templatetags.ui import verdict
from resources.intervals import clip, merge, subtract, total
from scheduling.states import State
from scheduling.timeline import svg
from scheduling.timeline.axis import Axis, local_date
from scheduling.timeline.bookings import (
    Reader,
    Status,
    Story,
    ends_at,
    marks_of,
    status_of,
)

GRID = "tl"


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A resource's line; every text in it is escaped already."""

    group: str
    name: str
    meta: str
    url: str
    status: str
    late: bool
    lane: SafeString
    words: list  # marks that say something, in order of time: for the table and the list


def stories_of(rows, bookings, blocks, offered) -> list[Story]:
    """One story per row; the rest is dealt out to them."""
    stories = {row.pk: Story(row) for row in rows}
    for booking in bookings:
        if booking.resource_id in stories:
            stories[booking.resource_id].bookings.append(booking)
    for block in blocks:
        stories[block.resource_id].blocks.append(block)
    for resource, first, last in offered:
        stories[resource].offered.append((first, last))
    return list(stories.values())


def draw(stories: list[Story], axis: Axis, reader: Reader, resources_url: str) -> list[DrawnRow]:
    """A line per story; rows of a group stay together, in the order in which they came."""
    groups: dict[str, list[DrawnRow]] = {}
    from_owner = _("%(code)s · from %(owner)s")
    for story in stories:
        drawn = _draw_row(story, axis, reader, resources_url, from_owner)
        groups.setdefault(drawn.group, []).append(drawn)
    return [row for rows in groups.values() for row in rows]


def _draw_row(story: Story, axis, reader, resources_url: str, from_owner: str) -> DrawnRow:
    row = story.row
    marks, status = marks_of(story, reader), status_of(story, axis, reader)
    ours, name = row.institution_id == reader.institution_id, row.name
    words = [m for m in marks if m.title and m.ends_at > axis.starts_at]
    meta = row.code if ours else from_owner % {"code": row.code, "owner": row.institution}
    label = f"{name} {row.code}"
    return DrawnRow(
        group=escape(row.group),
        name=escape(f"{name} ×{row.units}" if row.units > 1 else name),
        meta=escape(meta),
        url=f"{resources_url}{row.pk}/",
        status=_status(status),
        late=status.late,
        lane=svg.lane(axis, marks, washes=story.offered, label=label, grid=GRID),
        words=sorted((m for m in words if m.starts_at < axis.ends_at), key=lambda m: m.starts_at),
    )


def _status(status: Status) -> str:
    before, after = _around(status.tone, status.icon)
    return f"{before}{escape(status.words)}{after}"


@remembered(64)
def _around(tone: str, icon: str) -> list[str]:
    """What a verdict of this tone has before and after its words."""
    return verdict(tone, "|", icon).split("|")


def lines(rows: list[DrawnRow]) -> SafeString:
    """The lanes with what stands left of them, under the names of their groups."""
    parts, group = [], None
    for row in rows:
        if row.group != group:
            group = row.group
            parts.append(f'<div class="tl-group"><h2 class="h3">{group}</h2></div>')
        late = " tl-row-late" if row.late else ""
        parts.append(
            f'<div class="tl-row{late}"><div class="tl-name"><span class="one-line">'
            f'<a class="title" href="{row.url}">{row.name}</a>'
            f'<span class="meta">{row.meta}</span></span>{row.status}</div>{row.lane}</div>'
        )
    return mark_safe("".join(parts))  # noqa: S308 – escaped above


def table_rows(rows: list[DrawnRow]) -> SafeString:
    """The body of the table that says the same: device, status, what happens."""
    parts = []
    nothing, now, period = escape(_("Nothing")), escape(_("Now")), escape(_("In this period"))
    for row in rows:
        entries = "".join(f"<li>{_linked(mark)}</li>" for mark in row.words)
        entries = f'<ul class="plain-list">{entries}</ul>' if entries else nothing
        parts.append(
            f'<tr><th scope="row"><a href="{row.url}">{row.name}</a> '
            f'<span class="meta">{row.meta}</span></th>'
            f'<td data-label="{now}">{row.status}</td>'
            f'<td data-label="{period}">{entries}</td></tr>'
        )
    return mark_safe("".join(parts))  # noqa: S308 – escaped above


def _linked(mark) -> str:
    words = escape(mark.title)
    return f'<a href="{mark.url}">{words}</a>' if mark.url else words


def day_list(rows: list[DrawnRow], axis: Axis, reader: Reader) -> list[tuple[str, SafeString]]:
    """The same in words: per local day what begins on it (on the first day also what goes on)."""
    days = defaultdict(list)
    for row in rows:
        for mark in row.words:
            day = max(axis.first, local_date(mark.starts_at, axis.zone))
            days[day].append((mark.starts_at, row, mark))
    listed = []
    for day in sorted(days):
        items = "".join(
            f'<li><span class="title">{row.name}</span> <span class="meta">{row.meta}</span><br>'
            f"{_linked(mark)}</li>"
            for _start, row, mark in sorted(days[day], key=lambda entry: entry[0])
        )
        words = mark_safe(items)  # noqa: S308 – escaped above
        listed.append((reader.clock.day(day), words))
    return listed


def booked_share(stories: list[Story], axis: Axis, institution_id: int) -> int | None:
    """Percent of our offered hours that is booked; None where nothing is offered."""
    offered, idle = timedelta(0), timedelta(0)
    for story in stories:
        if story.row.institution_id == institution_id:
            times = clip(merge(story.offered), axis.starts_at, axis.ends_at)
            offered += total(times)
            idle += total(subtract(times, _booked(story)))
    return round(100 * (offered - idle) / offered) if offered else None


def _booked(story: Story) -> list:
    return [
        (booking.starts_at, ends_at(booking))
        for booking in story.bookings
        if booking.state in State.BOOKED
    ]
