"""The drawing: strings of SVG, positions in percent, so that 12 px text stays 12 px.

Strings and not templates: a page has hundreds of bars.  Everything that comes from a person is
escaped here.
"""

from datetime import date
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from medshare_portal.furniture import remembered
from scheduling.timeline.axis import Axis, local_date, local_midnight, percent
from scheduling.timeline.marks import Mark, in_tracks
from scheduling.timeline.words import legend

TOP, ROOM, LANE = 7, 26, 40
LEAST_LABEL = 2.5  # percent of the axis: narrower bars have no words
LEAST_WIDTH = 0.25
NEAR_EDGE = 3  # percent: the flag of the present would be cut off
FREE = "-free"  # the ending of a grid's second symbol


def lane(
    axis: Axis,
    marks: list[Mark],
    *,
    label: str,
    grid: str,
    washes=(),
    now=None,
    height: int = LANE,
) -> SafeString:
    """One row: offered times as a wash, the shared grid, then the bars.

    ``now`` is for lanes that lie one under the other on different axes; else the grid has it.
    Marks without words (``clean``) are plain rectangles in one group below the bars with words.
    """
    bars, tracks = in_tracks([mark for mark in marks if _seen(axis, mark)])
    bands = [_band(track, tracks, height) for track in range(tracks)]
    wordless = [mark for mark in bars if not mark.title]
    inner = "".join([
        *(_wash(axis, start, end, grid) for start, end in washes),
        f'<use href="#{grid}"/>',
        _now_line(axis, now),
        _wordless(axis, wordless, bands) if wordless else "",
        *(_bar(axis, mark, *bands[mark.track]) for mark in bars if mark.title),
    ])  # fmt: skip
    role = "group" if any(mark.url for mark in bars) else "img"
    return mark_safe(  # noqa: S308 – every text in it is escaped
        f'<svg class="lane" height="{height}" role="{role}" aria-label="{escape(label)}">'
        f"{inner}</svg>"
    )


def _seen(axis: Axis, mark: Mark) -> bool:
    return mark.ends_at > axis.starts_at and mark.starts_at < axis.ends_at


def _band(track: int, tracks: int, height: int) -> tuple[float, float]:
    """Top and height of a bar on its track."""
    room = height - 2 * TOP if height < LANE else ROOM
    top = (height - room) / 2
    if tracks == 1:
        return top, room
    room, top = height - 6, 3
    each = room / tracks
    return top + track * each, each - 1


def _wash(axis, starts_at, ends_at, grid: str) -> str:
    left, width = axis.span(starts_at, ends_at)
    if width <= 0:
        return ""
    return f'<use href="#{grid}{FREE}" x="{percent(left)}" width="{percent(width)}"/>'


def _wordless(axis: Axis, marks: list[Mark], bands) -> str:
    groups: dict[str, list[str]] = {}
    for mark in marks:
        (left, width), (top, height) = axis.span(mark.starts_at, mark.ends_at), bands[mark.track]
        groups.setdefault(mark.css, []).append(
            f'<rect x="{percent(left)}" y="{top + 0.5:g}" '
            f'width="{percent(max(width, LEAST_WIDTH))}" height="{height - 1:g}"/>'
        )
    return "".join(
        f'<g class="bar bar-{css}">{"".join(rectangles)}</g>' for css, rectangles in groups.items()
    )


def _bar(axis: Axis, mark: Mark, top: float, height: float) -> str:
    left, width = axis.span(mark.starts_at, mark.ends_at)
    width = max(width, LEAST_WIDTH)
    text, indent = "", 8
    if mark.glyph and height >= 14:
        text, indent = _glyph(mark.glyph, height / 2), 20
    if mark.label and width >= LEAST_LABEL and height >= 11:
        text += f'<text x="{indent}" y="{height / 2:g}">{escape(mark.label)}</text>'
    drawn = (
        f'<svg class="bar bar-{mark.css}" x="{percent(left)}" y="{top:g}" '
        f'width="{percent(width)}" height="{height:g}"><title>{escape(mark.title)}</title>'
        f'<rect x=".5" y=".5" width="100%" height="{height - 1:g}"/>{text}</svg>'
    )
    return f'<a href="{escape(mark.url)}">{drawn}</a>' if mark.url else drawn


def _glyph(name: str, middle: float) -> str:
    if name == "late":
        return f'<path d="M13 {middle - 5:g}l6 10.5H7z"/>'
    return f'<path d="M8 {middle - 4:g}l7 4-7 4z"/>'


def grid(axis: Axis, identity: str, hours: int = 0, *, now=None, height: int = LANE) -> SafeString:
    """What every lane repeats by ``<use>``: lines at the days, the hours and the present; and
    the wash of an offered time, stretched to its place."""
    inner = _lines(axis, hours) + _now_line(axis, now)
    return mark_safe(  # noqa: S308 – numbers only
        '<svg class="svg-defs" aria-hidden="true" focusable="false"><defs>'
        f'<g id="{identity}">{inner}</g><symbol id="{identity}{FREE}">'
        f'<rect class="offered" width="100%" y="4" height="{height - 6}"/>'
        f'<line class="offered-line" x2="100%" y1="{height - 2}" y2="{height - 2}"/>'
        "</symbol></defs></svg>"
    )


@lru_cache(maxsize=32)
def _lines(axis: Axis, hours: int) -> str:
    lines = [_line("grid-hour", tick.x) for tick in axis.hour_ticks(hours)] if hours else []
    return "".join(lines + [_line("grid-day", axis.x(day)) for day in axis.midnights()])


def _line(css: str, x: float) -> str:
    place = percent(x)
    return f'<line class="{css}" x1="{place}" x2="{place}" y2="100%"/>'


def _now_line(axis: Axis, now) -> str:
    if now is None or not axis.shows(now):
        return ""
    return _line("now-line", axis.x(now))


def key() -> SafeString:
    """What each bar means: the same on every page, so rendered once per language."""
    return _key(get_language())


@remembered(8)
def _key(language: str) -> SafeString:
    return render_to_string("components/timeline_legend.html", {"entries": legend()})


def weekday_head(axis: Axis) -> SafeString:
    """The names of the days above several weeks that lie one under the other."""
    inner = "".join(
        f'<text class="day" x="{percent(tick.x)}" dx="4" y="15">{tick.name}</text>'
        for tick in axis.day_ticks()
    )
    return mark_safe(f'<svg height="22" aria-hidden="true">{inner}</svg>')  # noqa: S308 – days


def head(axis: Axis, *, now=None, hours: int = 0, height: int = 48) -> SafeString:
    """The scale above the lanes: days, hours below them, and the present as a flag."""
    today = local_date(now, axis.zone) if now and axis.shows(now) else None
    inner = _scale(axis, today, hours, get_language()) + _now_flag(axis, now)
    return mark_safe(  # noqa: S308 – numbers and names of days
        f'<svg height="{height}" aria-hidden="true">{inner}</svg>'
    )


@lru_cache(maxsize=64)
def _scale(axis: Axis, today: date | None, hours: int, language: str) -> str:
    """Days and hours: the same for all who look at these days on this day."""
    ticks = axis.day_ticks(now=local_midnight(today, axis.zone) if today else None)
    names = len(ticks) <= 14
    inner = "".join(_day_name(tick, names, 18 if hours or not names else 24) for tick in ticks)
    inner += _hour_names(axis, hours) if hours else ""
    return inner + "".join(_line("grid-day", tick.x) for tick in ticks[1:])


def _day_name(tick, names: bool, y: int) -> str:
    css = "day today" if tick.today else "day"
    words = f"{tick.name} " if names else ""
    place = f'x="{percent(tick.x)}" dx="{8 if names else 4}" y="{y}"'
    return f'<text class="{css}" {place}>{words}<tspan>{tick.number}</tspan></text>'


@lru_cache(maxsize=32)
def _hour_names(axis: Axis, hours: int) -> str:
    return "".join(
        f'<text class="hour" x="{percent(tick.x)}" dx="5" y="38">{tick.number}</text>'
        for tick in axis.hour_ticks(hours)
    )


def _now_flag(axis: Axis, now) -> str:
    if now is None or not axis.shows(now):
        return ""
    words = f"{now.astimezone(axis.zone):%H:%M}"
    middle = 21 if axis.x(now) < NEAR_EDGE else -21 if axis.x(now) > 100 - NEAR_EDGE else 0
    return (
        f'<svg class="now-flag" x="{percent(axis.x(now))}" overflow="visible">'
        f'<rect x="{middle - 20}" y="30" width="40" height="17"/>'
        f'<text x="{middle}" y="42.5">{words}</text></svg>'
    )
