"""Institutions where they lie: a circle for what each gives and receives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians
from typing import ClassVar

from reports.charts.map_names import Disc, Label, place_names
from reports.charts.paper import pixels, scaled
from reports.charts.table import DataTable, TableRow

WIDTH, HEIGHT, EDGE = 440, 330, 34
SMALLEST, LARGEST = 3.5, 24.0
ROUND, KEY, KEY_STEP = (1, 2, 5, 10), 56, 150


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
class Size:
    """How large a circle is drawn for so much: in the key below the places."""

    x: str
    radius: str
    text_x: str
    words: str


@dataclass(frozen=True, slots=True)
class PlaceMap:
    template: ClassVar[str] = "charts/map.html"
    title: str
    table: DataTable
    places: tuple[Drawn, ...]
    sizes: tuple[Size, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def tall(self) -> int:
        """With the key."""
        return self.height + (KEY if self.sizes else 0)

    @property
    def key_y(self) -> str:
        return pixels(self.height + KEY / 2)


def place_map(
    *,
    title: str,
    places: Sequence[Place],
    words: Callable[[float], str],
    columns: tuple[str, str, str],
) -> PlaceMap:
    """North is up and a kilometre is as long either way.  The area of a circle is given +
    received; the largest are drawn first, so that none is covered whole, and named first."""
    ordered = sorted(places, key=lambda p: (-(p.given + p.received), p.name))
    most = max((p.given + p.received for p in ordered), default=0)
    discs = [
        Disc(x, y, _radius(place.given + place.received, most))
        for place, (x, y) in zip(ordered, _points(ordered), strict=True)
    ]
    labels = place_names([place.name for place in ordered], discs, WIDTH, HEIGHT)
    table = DataTable(
        title,
        columns,
        tuple(TableRow(p.name, (words(p.given), words(p.received)), p.url) for p in ordered),
    )
    drawn = tuple(map(_drawn, ordered, discs, labels, [words] * len(ordered)))
    return PlaceMap(title, table, drawn, _sizes(most, words))


def _radius(shared: float, most: float) -> float:
    return max(LARGEST * (shared / most) ** 0.5, SMALLEST) if most else SMALLEST


def _sizes(most: float, words) -> tuple[Size, ...]:
    """A round number near the largest, and a tenth of it."""
    if most <= 0:
        return ()
    power = 10 ** floor(log10(most))
    large = max(step * power for step in ROUND if step * power <= most)
    return tuple(
        _size(number, _radius(value, most), words(value))
        for number, value in enumerate((large, large / 10))
    )


def _size(number: int, radius: float, words: str) -> Size:
    x = EDGE + number * KEY_STEP
    return Size(pixels(x), pixels(radius), pixels(x + radius + 6), words)


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


def _drawn(place: Place, disc: Disc, label: Label | None, words) -> Drawn:
    net = place.given - place.received
    return Drawn(
        x=pixels(disc.x),
        y=pixels(disc.y),
        radius=pixels(disc.radius),
        css="map-receives" if net < 0 else "map-gives",
        name=place.name if label else "",
        text_x=pixels(label.x) if label else "",
        text_y=pixels(label.y) if label else "",
        anchor=label.anchor if label else "",
        words=f"{place.name}: +{words(place.given)} −{words(place.received)}",
    )
