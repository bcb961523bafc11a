"""The lanes of search results: all share one axis, the wished dates are one dashed frame."""

from html import escape

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


class Lanes:
    """Draws the lanes of one page: what all of them share is made once."""

    def __init__(self, axis: Axis, wish):
        self.axis, self.wish, self.shown = axis, wish, (axis.starts_at, axis.ends_at)
        self.grid = "".join(_line(tick.x) for tick in axis.day_ticks())
        self.frame = _wish(axis, wish)
        self.words = {"free": _("Free"), "taken": _("Taken"), "ours": _("In use")}
        self.uncut = escape(_("Free the whole time"))

    def draw(self, *, offered, busy, taken, uncovered, ours: bool = False) -> str:
        """Free, taken, cleaning, the wish, and what of it stays uncovered.

        ``taken`` is when too few units are free; what is busy besides (a part of a set) is not
        drawn.
        """
        free = subtract(clip(offered, *self.shown), taken)
        parts = [self.grid]
        parts += [self._bar("offered-free", first, last, "free") for first, last in free]
        for entry in busy:
            if clip(taken, entry.starts_at, entry.ends_at):
                parts += self._busy(entry, "ours" if ours else "taken")
        parts.append(self.frame)
        parts += [_uncovered(self.axis, span) for span in uncovered]
        return (
            f'<svg class="lane" height="{HEIGHT}" role="img" '
            f'aria-label="{self._label(free, uncovered)}">{"".join(parts)}</svg>'
        )

    def _label(self, free, uncovered) -> str:
        return escape(_sentence(self.axis, free, self.wish)) if uncovered else self.uncut

    def _busy(self, entry, word: str) -> list[str]:
        parts = [self._bar("bar bar-taken", entry.use_starts_at, entry.use_ends_at, word)]
        if entry.starts_at < entry.use_starts_at:
            parts.append(self._bar("bar bar-clean", entry.starts_at, entry.use_starts_at))
        if entry.ends_at > entry.use_ends_at:
            parts.append(self._bar("bar bar-clean", entry.use_ends_at, entry.ends_at))
        return parts

    def _bar(self, css: str, first, last, word: str = "") -> str:
        left, width = self.axis.span(first, last)
        if width <= 0:
            return ""
        text = ""
        if word and width > WIDE_ENOUGH:
            text = f'<text x="6" y="{BAR / 2:g}">{escape(self.words[word])}</text>'
        return (
            f'<svg class="{css}" x="{percent(left)}" y="{TOP}" width="{percent(width)}" '
            f'height="{BAR}"><rect x="0.5" y="0.5" width="100%" height="{BAR - 1}"/>{text}</svg>'
        )


def _line(x: float) -> str:
    place = percent(x)
    return f'<line class="grid-day" x1="{place}" x2="{place}" y2="{HEIGHT}"/>'


def _wish(axis: Axis, wish) -> str:
    left, width = axis.span(*wish)
    return f'<rect class="wish" x="{percent(left)}" y="1.5" width="{percent(width)}" height="31"/>'


def _uncovered(axis: Axis, span) -> str:
    left, width = axis.span(*span)
    size = f'width="{percent(max(width, 0.6))}" height="3"'
    return f'<rect class="uncovered" x="{percent(left)}" y="33" {size}/>'


def _sentence(axis: Axis, free, wish) -> str:
    parts = [describe_period(*span, tz=axis.zone) for span in clip(free, *wish)]
    if not parts:
        return _("Not free in your dates")
    return _("Free %(times)s") % {"times": pgettext("periods", "; ").join(parts)}


def free_from(axis: Axis, free, wish) -> str:
    """When the first free part of the wish begins."""
    first = next(iter(clip(free, *wish)), None)
    return describe_moment(first[0], tz=axis.zone) if first else ""
