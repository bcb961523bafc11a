"""The city's sites from the nearest outwards, ring by ring.

The search looks into a ring, and into the next one only if a farther resource could still rank
among those that it shows.  A city ten times as large has the same nearest sites.
"""

from typing import NamedTuple

from medshare_portal.db.prepared import Prepared
from medshare_portal.models import Site
from resources.distance import haversine_km

FIRST = 24  # sites of the first ring
GROWTH = 3  # each next ring has at least so many times the sites of the one before
WANTED = 120  # resources that a later ring should hold, judged by those before it
EVERYWHERE, INSIDE, BEYOND = "everywhere", "inside", "beyond"

SITES = Prepared(lambda: Site.objects.directory().values_list("pk", "latitude", "longitude"))


class Ring(NamedTuple):
    """Everywhere, inside these sites, or beyond them: at all others, listed or not."""

    place: str
    sites: list[int]


class Rings:
    """Gives each ring once; the last one is all that the others left, so few rings reach far."""

    def __init__(self, site):
        """``site`` is where distances are measured from; without it there is one ring."""
        self.distances = _distances(site)
        self._sites = sorted(self.distances, key=lambda pk: (self.distances[pk], pk))
        self._given = self._size = 0
        self.left = True

    def next(self, found: int) -> Ring:
        """The next ring; ``found`` resources were found in those before it."""
        start, end = self._given, self._end_of_next(found)
        self._given, self._size, self.left = end, end - start, end < len(self._sites)
        if self.left:
            return Ring(INSIDE, self._sites[start:end])
        return Ring(BEYOND, self._sites[:start]) if start else Ring(EVERYWHERE, [])

    def _end_of_next(self, found: int) -> int:
        """Where it ends; sites that are equally far stay together."""
        size = FIRST
        if self._given:
            enough = WANTED * self._given // found if found else len(self._sites)
            size = max(GROWTH * self._size, enough)
        end = self._given + size
        while 0 < end < len(self._sites) and self._km(end) == self._km(end - 1):
            end += 1
        return end

    def _km(self, number: int) -> float:
        return self.distances[self._sites[number]]

    @property
    def nearest_left(self) -> float:
        """Kilometres to what no ring has reached yet."""
        return self._km(self._given) if self.left and self._sites else 0.0


def _distances(site) -> dict[int, float]:
    """Kilometres from a site to every site of the city; nothing where no site is given."""
    if site is None:
        return {}
    return {row[0]: haversine_km(site.latitude, site.longitude, *row[1:]) for row in SITES.rows()}
