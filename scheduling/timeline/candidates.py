"""The lanes of search results: all share one axis, the wished dates are one dashed frame."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medshare_portal.local_times import describe_moment, describe_period
from resources.intervals import clip, subtract
from scheduling.timeline.axis import Axis, percent

HEIGHT, TOP, BAR = 36, 6, 24
MOST_DAYS_NAMED = 8
WIDE_ENOUGH = 9  # percent: room for a word


def axis_head(axis: Axis, wish, *, now) -> SafeString:
    """Names of the days; the wished ones stand out."""
    ticks = axis.day_ticks(now=now, asked=wish)
    step = -(-len(ticks) // MOST_DAYS_NAMED)
    words = "".join(
        f'<text class="axis-day{" axis-day-asked" if tick.asked else ""}" x="{percent(tick.x)}" '
        f'dx="4" y="15">{tick.name} {tick.number}</text>'
        for tick in ticks[::step]
    )
    return mark_safe(  # noqa: S308 – names of days
        f'<svg width="100%" height="22" aria-hidden="true">{words}</svg>'
    )


def lane(axis: Axis, wish, *, offered, busy, taken, uncovered, ours: bool = False) -> SafeString:
    """Free, taken, cleaning, the wish, and what of it stays uncovered.

    ``taken`` is when too few units are free; what is busy besides (a part of a set) is not drawn.
    """
    shown = (axis.starts_at, axis.ends_at)
    free = subtract(clip(offered, *shown), taken)
    busy = [entry for entry in busy if clip(taken, entry.starts_at, entry.ends_at)]
    parts = [_line(axis, tick.x) for tick in axis.day_ticks()]
    parts += [_bar(axis, "offered-free", *span, _("Free")) for span in free]
    for entry in busy:
        parts += _busy(axis, entry, ours)
    parts.append(_wish(axis, wish))
    parts += [_uncovered(axis, span) for span in uncovered]
    label = escape(_sentence(axis, free, wish, uncovered))
    return mark_safe(  # noqa: S308 – numbers, and words that are escaped
        f'<svg class="lane" height="{HEIGHT}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _line(axis: Axis, x: float) -> str:
    place = percent(x)
    return f'<line class="grid-day" x1="{place}" x2="{place}" y2="{HEIGHT}"/>'


def _busy(axis: Axis, entry, ours: bool) -> list[str]:
    words = _("In use") if ours else _("Taken")
    parts = [_bar(axis, "bar bar-taken", entry.use_starts_at, entry.use_ends_at, words)]
    if entry.starts_at < entry.use_starts_at:
        parts.append(_bar(axis, "bar bar-clean", entry.starts_at, entry.use_starts_at, ""))
    if entry.ends_at > entry.use_ends_at:
        parts.append(_bar(axis, "bar bar-clean", entry.use_ends_at, entry.ends_at, ""))
    return parts


def _bar(axis: Axis, css: str, first, last, words: str) -> str:
    left, width = axis.span(first, last)
    if width <= 0:
        return ""
    text = f'<text x="6" y="{BAR / 2:g}">{escape(words)}</text>' if words else ""
    text = text if width > WIDE_ENOUGH else ""
    return (
        f'<svg class="{css}" x="{percent(left)}" y="{TOP}" width="{percent(width)}" height="{BAR}">'
        f'<rect x="0.5" y="0.5" width="100%" height="{BAR - 1}"/>{text}</svg>'
    )


def _wish(axis: Axis, wish) -> str:
    left, width = axis.span(*wish)
    return f'<rect class="wish" x="{percent(left)}" y="1.5" width="{percent(width)}" height="31"/>'


def _uncovered(axis: Axis, span) -> str:
    left, width = axis.span(*span)
    size = f'width="{percent(max(width, 0.6))}" height="3"'
    return f'<rect class="uncovered" x="{percent(left)}" y="33" {size}/>'


def _sentence(axis: Axis, free, wish, uncovered) -> str:
    if not uncovered:
        return _("Free the whole time")
    parts = [describe_period(*span, tz=axis.zone) for span in clip(free, *wish)]
    if not parts:
        return _("Not free in your dates")
    return _("Free %(times)s") % {"times": pgettext("periods", "; ").join(parts)}


def free_from(axis: Axis, free, wish) -> str:
    """When the first free part of the wish begins."""
    first = next(iter(clip(free, *wish)), None)
    return describe_moment(first[0], tz=axis.zone) if first else ""
