"""Distances between sites, as the crow flies."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)


def haversine_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Great-circle distance of two points in degrees."""
    first, second = radians(latitude), radians(other_latitude)
    half = (
        sin((second - first) / 2) ** 2
        + cos(first) * cos(second) * sin(radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def between_sites(site, other) -> float:
    """Kilometres between two sites (anything with ``latitude`` and ``longitude``)."""
    return haversine_km(site.latitude, site.longitude, other.latitude, other.longitude)


def distances_from(site, sites) -> dict[int, float]:
    """Site id → kilometres from ``site``; empty when the reader has no site."""
    return {other.pk: between_sites(site, other) for other in sites} if site else {}
