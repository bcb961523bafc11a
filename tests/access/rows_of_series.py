"""The rows of series in the access table: names and sides, then what differs."""

BOOKED = {"post": 422, "state": "approved"}
SERIES = [
    ("scheduling:series-create", "ask", "theirs", "resource", {"post": 422}),
    ("scheduling:series", "view", "both", "series", {}),
    ("scheduling:series-answer", "decide", "owner", "series", {"post": 422}),
    ("scheduling:series-confirm", "ask", "borrower", "series", {"post": 400}),
    ("scheduling:staff-series", "ask", "theirs", "person", {"post": 422, "kind": "staff"}),
    (
        "scheduling:staff-series-credentialing",
        "decide",
        "borrower",
        "shifts",
        {"post": 422, "kind": "staff"},
    ),
    ("scheduling:series-recall", "decide", "owner", "series", {"post": 422}),
    ("scheduling:request-series", "view", "both", "date", {"get": 302}),
    ("scheduling:request-series-hours", "ask", "borrower", "date", BOOKED),
    ("scheduling:request-series-cancel", "ask", "borrower", "date", BOOKED),
]
