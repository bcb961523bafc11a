"""A line without words beside a number: which way it goes."""

from collections.abc import Sequence

from reports.charts.paper import scaled

WIDTH, HEIGHT, EDGE = 72, 24, 3


def spark(values: Sequence[float | None]) -> dict[str, str] | None:
    """{path, x, y} of the line and its end; None where fewer than two values are known."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    least, most = min(v for _p, v in known), max(v for _p, v in known)
    points = [
        (
            scaled(place, 0, len(values) - 1, EDGE, WIDTH - EDGE),
            scaled(value, least, most, HEIGHT - EDGE, EDGE),
        )
        for place, value in known
    ]
    x, y = points[-1]
    path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
    return {"path": path, "x": f"{x:.1f}", "y": f"{y:.1f}"}
