"""Names beside circles of a map: where each has room, or nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TALL, LETTER, AIR = 14, 8.0, 4
BASELINE = 4  # from the middle of the letters down to what they stand on


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (
            self.x - self.radius,
            self.y - self.radius,
            self.x + self.radius,
            self.y + self.radius,
        )


@dataclass(frozen=True, slots=True)
class Label:
    """``x``: of its anchor; ``y``: what the letters stand on."""

    x: float
    y: float
    anchor: str


def place_names(
    names: Sequence[str], discs: Sequence[Disc], width: float, height: float
) -> list[Label | None]:
    """In the order given, right of its circle, left, below or above it, on the paper: where it
    covers no other circle and no name; where all are taken at least no name."""
    circles, named = [disc.box for disc in discs], []
    found: list[Label | None] = []
    for name, disc in zip(names, discs, strict=True):
        spots = [spot for spot in _spots(disc, _wide(name)) if _on_paper(spot[1], width, height)]
        spot = _clear(spots, [*circles, *named]) or _clear(spots, named)
        found.append(spot and spot[0])
        if spot:
            named.append(spot[1])
    return found


def _clear(spots, taken):
    return next((s for s in spots if not any(_meet(s[1], other) for other in taken)), None)


def _wide(name: str) -> float:
    return sum(LETTER if ord(letter) < 0x2E80 else 2 * LETTER for letter in name)


def _spots(disc: Disc, wide: float) -> Iterator[tuple[Label, tuple[float, float, float, float]]]:
    away, half = disc.radius + AIR, TALL / 2
    for x, y, anchor in (
        (disc.x + away, disc.y, "start"),
        (disc.x - away, disc.y, "end"),
        (disc.x, disc.y + away + half, "middle"),
        (disc.x, disc.y - away - half, "middle"),
    ):
        left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
        yield Label(x, y + BASELINE, anchor), (left, y - half, left + wide, y + half)


def _on_paper(box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _meet(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
