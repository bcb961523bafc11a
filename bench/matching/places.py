"""Where a generated city's institutions are, how busy each is, and what it may handle."""

from dataclasses import dataclass

import numpy as np

from scheduling.matching.problem import Institution, Kind

CENTRE = (31.2, 121.4)
KM_PER_DEGREE = 111.2
KM_PER_ROOT_INSTITUTION = 1.6  # 40 institutions within about 10 km, 1,000 within 50
SURGE_SHARE, SURGE_DEMAND = 0.1, 4.0
COLD_CHAINS = ("2-8", "-20")
LICENCES = ("narcotic", "psychotropic")


@dataclass(frozen=True)
class Places:
    """``demand`` and ``supply``: shares of the city's needs and offers, each adding up to 1;
    ``surge``: whose demand an outbreak multiplied, and who can spare little."""

    institutions: tuple[Institution, ...]
    kilometres: np.ndarray
    demand: np.ndarray
    supply: np.ndarray
    surge: np.ndarray


def places(count: int, operated: tuple[str, ...], random: np.random.Generator) -> Places:
    """``operated``: items that need trained hands; most institutions have them."""
    points = _points(count, random)
    size = random.lognormal(0, 0.7, count)
    surge = np.zeros(count, dtype=bool)
    surge[random.choice(count, max(1, round(count * SURGE_SHARE)), replace=False)] = True
    demand = size * np.where(surge, SURGE_DEMAND, 1)
    supply = size * np.where(surge, 0.4, 1)
    distance = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    rows = tuple(
        _institution(place, points[place], bool(surge[place]), float(size[place]), operated, random)
        for place in range(count)
    )
    return Places(rows, distance, demand / demand.sum(), supply / supply.sum(), surge)


def _points(count: int, random: np.random.Generator) -> np.ndarray:
    """East and north of the centre in kilometres: half downtown, half around satellite towns."""
    reach = KM_PER_ROOT_INSTITUTION * np.sqrt(count)
    towns = random.normal(0, reach * 0.7, (max(3, count // 25), 2))
    town = towns[random.integers(len(towns), size=count)] + random.normal(0, reach / 8, (count, 2))
    downtown = random.normal(0, reach / 3, (count, 2))
    return np.where(random.random((count, 1)) < 0.5, downtown, town)


def _institution(place, point, surge, size, operated, random) -> Institution:
    certificates = {f"operates:{item}" for item in operated if random.random() < 0.85}
    certificates |= {f"cold:{chain}" for chain in COLD_CHAINS if random.random() < 0.8}
    certificates |= {f"licence:{control}" for control in LICENCES if random.random() < 0.75}
    asked = {kind: round(size * float(random.uniform(20, 60)), 1) for kind in Kind}
    met = {
        kind: round(asked[kind] * float(random.beta(6, 4 if not surge else 8)), 1) for kind in Kind
    }
    return Institution(
        id=f"i{place:04d}",
        latitude=round(CENTRE[0] + float(point[1]) / KM_PER_DEGREE, 5),
        longitude=round(CENTRE[1] + float(point[0]) / (KM_PER_DEGREE * 0.855), 5),
        district=f"d{place % 12:02d}",
        consortia=frozenset({f"c{place % 7}"} if random.random() < 0.6 else ()),
        certificates=frozenset(certificates),
        history_met=met,
        history_asked=asked,
    )
