"""A calendar's rows, drawn: groups of resources with status, lane, and the same in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from medshare_portal.local_times import day_words
from medshare_portal.templatetags.ui import verdict
from resources.intervals import clip, merge, subtract, total
from scheduling.states import State
from scheduling.timeline import svg
from scheduling.timeline.axis import Axis, local_date
from scheduling.timeline.bookings import Reader, Story, ends_at, marks_of, status_of

GRID = "tl-grid"
HIDDEN_IN_WORDS = ("clean",)


@dataclass(frozen=True)
class DrawnRow:
    name: str
    meta: str
    url: str
    status: SafeString
    late: bool
    lane: SafeString
    words: list  # (mark, text) in order of time, for the table and the phone


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[DrawnRow]


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


def draw(stories: list[Story], axis: Axis, reader: Reader, resources_url: str) -> list[Group]:
    groups: dict[str, list[DrawnRow]] = {}
    for story in stories:
        drawn = draw_row(story, axis, reader, resources_url)
        groups.setdefault(story.row.group, []).append(drawn)
    return [Group(name, rows) for name, rows in groups.items()]


def draw_row(story: Story, axis: Axis, reader: Reader, resources_url: str) -> DrawnRow:
    row = story.row
    marks = marks_of(story, axis, reader)
    status = status_of(story, axis, reader)
    ours = row.institution_id == reader.institution_id
    words = sorted((m for m in marks if m.css not in HIDDEN_IN_WORDS), key=lambda m: m.starts_at)
    return DrawnRow(
        name=f"{row.name} ×{row.units}" if row.units > 1 else row.name,
        meta=row.code
        if ours
        else _("%(code)s · from %(owner)s") % {"code": row.code, "owner": row.institution},
        url=f"{resources_url}{row.pk}/",
        status=verdict(status.tone, status.words, status.icon),
        late=status.late,
        lane=svg.lane(
            axis,
            marks,
            washes=story.offered,
            label=f"{row.name} {row.code}",
            now=reader.now,
            grid=GRID,
        ),
        words=[m for m in words if m.ends_at > axis.starts_at and m.starts_at < axis.ends_at],
    )


def table_rows(groups: list[Group]) -> SafeString:
    """The body of the table that says the same: device, status, what happens."""
    parts = []
    for group in groups:
        for row in group.rows:
            entries = "".join(f"<li>{_linked(mark)}</li>" for mark in row.words)
            entries = f'<ul class="plain-list">{entries}</ul>' if entries else escape(_("Nothing"))
            parts.append(
                f'<tr><th scope="row"><a href="{row.url}">{escape(row.name)}</a> '
                f'<span class="meta">{escape(row.meta)}</span></th>'
                f'<td data-label="{escape(_("Now"))}">{row.status}</td>'
                f'<td data-label="{escape(_("In this period"))}">{entries}</td></tr>'
            )
    return mark_safe("".join(parts))  # noqa: S308 – escaped above


def _linked(mark) -> str:
    words = escape(mark.title)
    return f'<a href="{mark.url}">{words}</a>' if mark.url else words


def day_list(groups: list[Group], axis: Axis) -> list[tuple[str, SafeString]]:
    """For a phone: per local day what begins on it (on the first day also what goes on)."""
    days = defaultdict(list)
    for group in groups:
        for row in group.rows:
            for mark in row.words:
                day = max(axis.first, local_date(mark.starts_at, axis.zone))
                days[day].append((mark.starts_at, row, mark))
    listed = []
    for day in sorted(days):
        entries = sorted(days[day], key=lambda entry: entry[0])
        items = "".join(
            f'<li><span class="title">{escape(row.name)}</span> '
            f'<span class="meta">{escape(row.meta)}</span><br>{_linked(mark)}</li>'
            for _start, row, mark in entries
        )
        listed.append((day_words(day), mark_safe(items)))  # noqa: S308 – escaped above
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
