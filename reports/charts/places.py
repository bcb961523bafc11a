"""Institutions where they lie: a circle for what each gives and receives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import ClassVar

from reports.charts.paper import pixels, scaled
from reports.charts.table import DataTable, TableRow

WIDTH, HEIGHT, EDGE = 440, 330, 34
SMALLEST, LARGEST = 3.5, 24.0
MOST_NAMES, NAME_TALL, LETTER = 8, 16, 7.4


@dataclass(frozen=True, slots=True)
class Place:
    """``given`` and ``received`` in one unit."""

    name: str
    longitude: float
    latitude: float
    given: float
    received: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    x: str
    y: str
    radius: str
    css: str
    name: str
    text_x: str
    text_y: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class PlaceMap:
    template: ClassVar[str] = "charts/map.html"
    title: str
    table: DataTable
    places: tuple[Drawn, ...]
    width: int = WIDTH
    height: int = HEIGHT


def place_map(
    *,
    title: str,
    places: Sequence[Place],
    words: Callable[[float], str],
    columns: tuple[str, str, str],
) -> PlaceMap:
    """North is up and a kilometre is as long either way.  The area of a circle is given +
    received; the largest are drawn first, so that none is covered whole."""
    ordered = sorted(places, key=lambda p: (-(p.given + p.received), p.name))
    points = _points(ordered)
    most = max((p.given + p.received for p in ordered), default=0) or 1
    taken: list[tuple[float, float, float]] = []
    drawn = []
    for place, (x, y) in zip(ordered, points, strict=True):
        radius = max(LARGEST * ((place.given + place.received) / most) ** 0.5, SMALLEST)
        named = len(taken) < MOST_NAMES and place.given + place.received > 0
        drawn.append(_drawn(place, x, y, radius, words, taken, named=named))
    table = DataTable(
        title,
        columns,
        tuple(TableRow(p.name, (words(p.given), words(p.received)), p.url) for p in ordered),
    )
    return PlaceMap(title, table, tuple(drawn))


def _points(places: Sequence[Place]) -> list[tuple[float, float]]:
    """Degrees of longitude are shortened by the latitude; the larger span fills the paper."""
    if not places:
        return []
    latitudes = [place.latitude for place in places]
    shorter = cos(radians((min(latitudes) + max(latitudes)) / 2))
    longitudes = [place.longitude * shorter for place in places]
    spans = [max(longitudes) - min(longitudes), max(latitudes) - min(latitudes)]
    scale = min((WIDTH - 2 * EDGE) / (spans[0] or 1e-9), (HEIGHT - 2 * EDGE) / (spans[1] or 1e-9))
    wide, tall = spans[0] * scale, spans[1] * scale
    return [
        (
            scaled(lon, min(longitudes), max(longitudes), (WIDTH - wide) / 2, (WIDTH + wide) / 2),
            scaled(lat, min(latitudes), max(latitudes), (HEIGHT + tall) / 2, (HEIGHT - tall) / 2),
        )
        for lon, lat in zip(longitudes, latitudes, strict=True)
    ]


def _drawn(place: Place, x, y, radius, words, taken, *, named: bool) -> Drawn:
    wide = sum(LETTER if ord(letter) < 0x2E80 else 2 * LETTER for letter in place.name)
    end = x + radius + 4 + wide > WIDTH
    text_x = x - radius - 4 if end else x + radius + 4
    left = text_x - wide if end else text_x
    clear = named and left >= 0 and not _covered(left, left + wide, y, taken)
    if clear:
        taken.append((left, left + wide, y))
    net = place.given - place.received
    return Drawn(
        x=pixels(x),
        y=pixels(y),
        radius=pixels(radius),
        css="map-receives" if net < 0 else "map-gives",
        name=place.name if clear else "",
        text_x=pixels(text_x),
        text_y=pixels(y + 4),
        anchor="end" if end else "start",
        words=f"{place.name}: +{words(place.given)} −{words(place.received)}",
    )


def _covered(first: float, last: float, y: float, taken) -> bool:
    return any(first < b and a < last and abs(y - other) < NAME_TALL for a, b, other in taken)
