"""Numbers for the small drawings of one person: rest, week, hours.  A leaf; templates draw."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from resources.intervals import clip
from resources.kinds.staff.working_time import Duty
from resources.kinds.staff.working_time.calendar import bounds_of_week

HOUR = timedelta(hours=1)
SIDE, BOX, MOST = 64, 20, timedelta(hours=36)  # the rest bars end at 36 hours
WEEK_WIDTH = 168
HOURS_WIDTH, MOST_HOURS = 120, 66


def rest_bars(before: timedelta | None, after: timedelta | None, least: timedelta) -> dict:
    """Widths and places of the two bars beside the shift, and of the ticks at the least rest."""
    left, right = (_length(MOST if rest is None else rest) for rest in (before, after))
    tick = _length(least)
    return {
        "before": {"x": SIDE - left, "width": left, "short": _short(before, least)},
        "after": {"x": SIDE + BOX, "width": right, "short": _short(after, least)},
        "ticks": [SIDE - tick, SIDE + BOX + tick],
    }


def _length(rest: timedelta) -> int:
    return round(SIDE * max(timedelta(0), min(rest, MOST)) / MOST)


def _short(rest: timedelta | None, least: timedelta) -> bool:
    return rest is not None and rest < least


def week_boxes(duty: Duty, others, monday, zone: ZoneInfo) -> list[dict]:
    """Boxes of the local week in which the shift begins: home, other, this."""
    first, last = bounds_of_week(monday, zone)
    boxes = []
    for each, css in [*((o, "home" if o.at_home else "away") for o in others), (duty, "this")]:
        for start, end in clip([(each.starts_at, each.ends_at)], first, last):
            x = round(WEEK_WIDTH * ((start - first) / (last - first)), 1)
            width = max(3.0, round(WEEK_WIDTH * ((end - start) / (last - first)), 1))
            boxes.append({"x": x, "width": width, "css": css})
    return boxes


def week_letters(letters: list[str]) -> list[dict]:
    """Where the first letters of the seven days stand below the boxes."""
    day = WEEK_WIDTH / 7
    return [{"x": round((n + 0.5) * day, 1), "letter": each} for n, each in enumerate(letters)]


def hour_bars(home: timedelta, away: timedelta, duty: timedelta, limit: float) -> dict:
    """Home, other and this shift one after the other, and the legal tick."""
    parts, x = [], 0.0
    for css, span in (("home", home), ("away", away), ("this", duty)):
        width = round(HOURS_WIDTH * min(span / HOUR, MOST_HOURS) / MOST_HOURS, 1)
        parts.append({"css": css, "x": round(x, 1), "width": width})
        x += width
    tick = round(HOURS_WIDTH * limit / MOST_HOURS, 1) if limit else None
    return {"parts": [part for part in parts if part["width"]], "tick": tick}
