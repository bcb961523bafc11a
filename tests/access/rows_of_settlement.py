"""The rows of settlement in the access table: names and sides, then what differs."""

SETTLEMENT = [
    ("reports:statement-list", "read-statements", {}),
    ("reports:running-month", "read-statements", {}),
    ("reports:balances-export", "read-statements", {"get": 405, "post": 400}),
    ("reports:statement", "read-statements", "both", "statement", {}),
    ("reports:statement-accept", "settle", "both", "statement", {"post": 400}),
    ("reports:statement-export", "read-statements", "both", "statement", {"get": 405, "post": 400}),
    ("reports:line-dispute", "settle", "both", "line", {"post": 422}),
    ("reports:dispute", "read-statements", "both", "dispute", {}),
    ("reports:dispute-answer", "settle", "owner", "dispute", {"post": 422}),
    ("reports:dispute-withdraw", "settle", "borrower", "dispute", {"post": 400}),
    ("reports:dispute-ask-city", "settle", "borrower", "dispute", {"post": 400}),
]
OF_CITY = [
    ("city:statement-list", "city-view", {}),
    ("city:balances-export", "city-view", {"get": 405, "post": 400}),
    ("city:statement", "city-view", {"thing": "statement"}),
    ("city:statement-export", "city-view", {"thing": "statement", "get": 405, "post": 400}),
    ("city:dispute", "city-view", {"thing": "dispute"}),
    ("city:dispute-decide", "decide-dispute", {"thing": "dispute", "post": 422}),
]
