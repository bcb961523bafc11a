"""Each figure of the catalogue once more, the slow and obvious way: from the rows that people wrote
– requests, blocks, offered times, lots, looks, papers –, hour by hour and request by request, with
no fact of use, no number of a day and no histogram.

    REFERENCES["no_show"](Seen(None, first, last, now)) == {"": 0.05}

Each function takes what is seen – of the city or of one institution – and says the parts of the
figure by their names; None where there is nothing to divide by.
"""

from tests.reports.references import fairness, goods, people, requests, use

REFERENCES = {**use.OF, **requests.OF, **goods.OF, **people.OF, **fairness.OF}
# Said of the city only, and of one institution only.
OF_CITY = {"gini", "gini_weighted", "theil", "jain", "concentration"}
OF_INSTITUTION = {"received_share"}
# The city's waits come from histograms.
ROUGH = {"median", "p90"}


def expected(seen) -> dict[tuple[str, str], float | None]:
    other = OF_INSTITUTION if seen.of_city else OF_CITY
    return {
        (code, part): None if value is None else float(value)
        for code, of in REFERENCES.items()
        if code not in other
        for part, value in of(seen).items()
    }
