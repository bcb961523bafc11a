"""How long and how far it is between institutions."""

import numpy as np

from scheduling.matching.problem import Problem

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)


class Travel:
    """``minutes`` (int32) and ``kilometres`` (float64): square arrays, from row to column, in the
    order of the problem's institutions; ``index`` maps an id to its row."""

    def __init__(self, problem: Problem):
        self.index = {row.id: place for place, row in enumerate(problem.institutions)}
        if problem.travel is not None:
            self.minutes = np.array(problem.travel.minutes, dtype=np.int32)
            self.kilometres = np.array(problem.travel.kilometres, dtype=np.float64)
        else:
            self.minutes, self.kilometres = _from_coordinates(problem)


def _from_coordinates(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Great circle (haversine) × detour; driving at one speed plus loading."""
    parameters = problem.parameters
    latitude = np.radians([row.latitude for row in problem.institutions])
    longitude = np.radians([row.longitude for row in problem.institutions])
    half = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None])
        * np.cos(latitude)
        * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    kilometres = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1))) * parameters.detour
    driving = kilometres / parameters.speed_kmh * 60
    minutes = np.ceil(np.round(driving, 6)).astype(np.int32) + parameters.loading_minutes
    np.fill_diagonal(minutes, 0)
    return minutes, kilometres
