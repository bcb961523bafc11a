"""The figures once more, the slow and obvious way: person by person, minute by minute."""

from math import log


def people(x, weights):
    """Each institution's share, once for every resident."""
    return [value for value, weight in zip(x, weights, strict=True) for _ in range(weight)]


def gini(x):
    """The mean difference of every two, to twice the mean."""
    n = len(x)
    return sum(abs(a - b) for a in x for b in x) / (2 * n * n * (sum(x) / n))


def theil(x):
    mean = sum(x) / len(x)
    return sum((v / mean) * log(v / mean) if v else 0 for v in x) / len(x)


def between(x, groups):
    """Everybody has the mean of the group."""
    of = {name: [v for v, g in zip(x, groups, strict=True) if g == name] for name in groups}
    return theil([sum(of[name]) / len(of[name]) for name in groups])


def concentration(x, need):
    """Rank of each: who is needier, half of who is as needy."""
    n, mean = len(x), sum(x) / len(x)
    rank = [(sum(m > w for m in need) + sum(m == w for m in need) / 2) / n for w in need]
    middle = sum(rank) / n
    return 2 * sum((v - mean) * (r - middle) for v, r in zip(x, rank, strict=True)) / n / mean


def hours(spans, minutes):
    """Minutes of the period that lie in some span."""
    return sum(any(a <= minute < b for a, b in spans) for minute in range(minutes)) / 60


def slowest_tenth(waits):
    """The least wait that nine in ten do not exceed."""
    return min(w for w in waits if sum(v <= w for v in waits) * 10 >= 9 * len(waits))
