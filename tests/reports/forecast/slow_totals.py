"""Sums and their band, moment by moment and day by day, as the definition says it."""

import math

from reports.forecast.totals import EVERY, LEAST_KNOWN, LEAST_TRIED, MOMENTS


def slow_high(history, season, horizon, method):
    """The upper end for each day; None without a band."""
    ahead = [float(value) for value in method.predict(history, season, horizon)]
    ends, last = [], None
    highest = 0.0
    for day in range(1, horizon + 1):
        expected = sum(ahead[:day])
        errors = []
        for back in range(1, MOMENTS + 1):
            origin = len(history) - EVERY * back
            if origin < LEAST_KNOWN or origin + day > len(history):
                continue
            said = sum(method.predict(history[:origin], season, day))
            came = sum(history[origin : origin + day])
            errors.append((came - said) / math.sqrt(max(said, 0) + 1))
        if len(errors) >= LEAST_TRIED:
            end = upper(errors) * math.sqrt(max(expected, 0) + 1)
            last = (day, end)
        elif last is None:
            return None
        else:
            end = last[1] * day / last[0]
        highest = max(highest, expected + end, 0.0)
        ends.append(max(highest, expected))
    return ends


def upper(errors):
    """The smallest error that no more than one in ten exceeds, a little further where few are
    known."""
    part = min(1.0, 0.9 * (len(errors) + 1) / len(errors))
    return sorted(errors)[math.ceil(part * (len(errors) - 1) - 1e-9)]
