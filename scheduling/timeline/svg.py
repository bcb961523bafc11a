"""The drawing: strings of SVG, positions in percent, so that 12 px text stays 12 px.

Strings and not templates: a page has hundreds of bars.  Everything that comes from a person is
escaped here.
"""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from scheduling.timeline.axis import Axis, percent
from scheduling.timeline.marks import Mark, in_tracks

TOP, ROOM, LANE = 7, 26, 40
LEAST_LABEL = 1.6  # percent of the axis: narrower bars have no words
LEAST_WIDTH = 0.25
NEAR_EDGE = 3  # percent: the flag of the present would be cut off


def lane(
    axis: Axis,
    marks: list[Mark],
    *,
    label: str,
    washes=(),
    now=None,
    grid: str = "",
    height: int = LANE,
) -> SafeString:
    """One row: offered times as a wash, the shared grid, the now-line, then the bars."""
    bars, tracks = in_tracks([mark for mark in marks if _seen(axis, mark)])
    inner = "".join(_wash(axis, start, end, height) for start, end in washes)
    inner += f'<use href="#{grid}"/>' if grid else ""
    inner += _now_line(axis, now)
    inner += "".join(_bar(axis, mark, *_band(mark.track, tracks, height)) for mark in bars)
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


def _wash(axis, starts_at, ends_at, height) -> str:
    left, width = axis.span(starts_at, ends_at)
    if width <= 0:
        return ""
    x, end, low = percent(left), percent(left + width), height - 2
    return (
        f'<rect class="offered" x="{x}" width="{percent(width)}" y="4" height="{height - 6}"/>'
        f'<line class="offered-line" x1="{x}" x2="{end}" y1="{low}" y2="{low}"/>'
    )


def _now_line(axis: Axis, now) -> str:
    if now is None or not axis.shows(now):
        return ""
    x = percent(axis.x(now))
    return f'<line class="now-line" x1="{x}" x2="{x}" y2="100%"/>'


def _bar(axis: Axis, mark: Mark, top: float, height: float) -> str:
    left, width = axis.span(mark.starts_at, mark.ends_at)
    width = max(width, LEAST_WIDTH)
    text, indent = "", 8
    if mark.glyph and height >= 14:
        text, indent = _glyph(mark.glyph, height / 2), 20
    if mark.label and width >= LEAST_LABEL and height >= 11:
        text += f'<text x="{indent}" y="{height / 2:g}">{escape(mark.label)}</text>'
    title = f"<title>{escape(mark.title)}</title>" if mark.title else ""
    drawn = (
        f'<svg class="bar bar-{mark.css}" x="{percent(left)}" y="{top:g}" '
        f'width="{percent(width)}" height="{height:g}">{title}'
        f'<rect x="0.5" y="0.5" width="100%" height="{height - 1:g}"/>{text}</svg>'
    )
    return f'<a href="{escape(mark.url)}">{drawn}</a>' if mark.url else drawn


def _glyph(name: str, middle: float) -> str:
    if name == "late":
        return f'<path d="M13 {middle - 5:g}l6 10.5H7z"/>'
    return f'<path d="M8 {middle - 4:g}l7 4-7 4z"/>'


def grid(axis: Axis, identity: str, hours: int = 0, *, height: int = LANE) -> SafeString:
    """The lines that every lane repeats by ``<use>``: days, and every ``hours`` hours."""
    lines = [_line("grid-hour", tick.x) for tick in axis.hour_ticks(hours)] if hours else []
    lines += [_line("grid-day", tick.x) for tick in axis.day_ticks()]
    inner = "".join(lines)
    return mark_safe(  # noqa: S308 – numbers only
        '<svg class="svg-defs" aria-hidden="true" focusable="false"><defs>'
        f'<g id="{identity}">{inner}</g></defs></svg>'
    )


def _line(css: str, x: float) -> str:
    place = percent(x)
    return f'<line class="{css}" x1="{place}" x2="{place}" y2="100%"/>'


def weekday_head(axis: Axis) -> SafeString:
    """The names of the days above several weeks that lie one under the other."""
    inner = "".join(
        f'<text class="day" x="{percent(tick.x)}" dx="4" y="15">{tick.name}</text>'
        for tick in axis.day_ticks()
    )
    return mark_safe(f'<svg height="22" aria-hidden="true">{inner}</svg>')  # noqa: S308 – days


def head(axis: Axis, *, now=None, hours: int = 0, height: int = 48) -> SafeString:
    """The scale above the lanes: days, hours below them, and the present as a flag."""
    ticks = axis.day_ticks(now=now)
    names = len(ticks) <= 14
    inner = "".join(_day_name(tick, names, 18 if hours or not names else 24) for tick in ticks)
    inner += "".join(_hour_name(tick) for tick in axis.hour_ticks(hours)) if hours else ""
    inner += "".join(_line("grid-day", tick.x) for tick in ticks[1:])
    inner += _now_flag(axis, now)
    return mark_safe(  # noqa: S308 – numbers and names of days
        f'<svg height="{height}" aria-hidden="true">{inner}</svg>'
    )


def _day_name(tick, names: bool, y: int) -> str:
    css = "day today" if tick.today else "day"
    words = f"{tick.name} " if names else ""
    place = f'x="{percent(tick.x)}" dx="{8 if names else 4}" y="{y}"'
    return f'<text class="{css}" {place}>{words}<tspan>{tick.number}</tspan></text>'


def _hour_name(tick) -> str:
    return f'<text class="hour" x="{percent(tick.x)}" dx="5" y="38">{tick.number}</text>'


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
