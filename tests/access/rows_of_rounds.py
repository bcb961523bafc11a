"""The rows of matching rounds in the access table: names and sides, then what differs."""

ROUNDS = [
    ("scheduling:proposals", "view", {}),
    ("scheduling:proposals-answer", "ask", {"post": 422, "kind": ""}),
    ("scheduling:proposals-refuse", "decide", {"post": 422, "kind": ""}),
    ("scheduling:proposal-accept", "ask", "borrower", "proposal", {"post": 422}),
    ("scheduling:proposal-decline", "ask", "borrower", "proposal", {"post": 422}),
    ("scheduling:proposal-refuse", "decide", "owner", "proposal", {"post": 422}),
    ("scheduling:rounds", "ask", {"kind": ""}),
    ("scheduling:round-order", "ask", {"post": 422, "kind": ""}),
    ("scheduling:round", "ask", "borrower", "own_round", {"kind": ""}),
    ("scheduling:round-unmet", "ask", "borrower", "own_round", {"kind": ""}),
    ("scheduling:round-try", "ask", "borrower", "own_unmet", {"kind": ""}),
    ("scheduling:round-stop", "ask", "borrower", "own_round", {"post": 400, "kind": ""}),
    ("scheduling:round-keep", "ask", "borrower", "own_round", {"post": 400, "kind": ""}),
    ("scheduling:round-publish", "ask", "borrower", "own_round", {"post": 400, "kind": ""}),
    ("scheduling:proposal-pin", "ask", "borrower", "own_line", {"post": 400, "kind": ""}),
    ("scheduling:proposal-strike", "ask", "borrower", "own_line", {"post": 422, "kind": ""}),
    ("scheduling:proposal-restore", "ask", "borrower", "own_line", {"post": 400, "kind": ""}),
]
ROUNDS_OF_CITY = [
    ("city:rounds", "run-matching", {}),
    ("city:round-order", "run-matching", {"post": 422}),
    ("city:round", "run-matching", {"thing": "round"}),
    ("city:round-unmet", "run-matching", {"thing": "round"}),
    ("city:round-try", "run-matching", {"thing": "round_unmet"}),
    ("city:round-stop", "run-matching", {"thing": "round", "post": 400}),
    ("city:round-keep", "run-matching", {"thing": "round", "post": 400}),
    ("city:round-publish", "run-matching", {"thing": "round", "post": 400}),
    ("city:proposal-pin", "run-matching", {"thing": "round_line", "post": 400}),
    ("city:proposal-strike", "run-matching", {"thing": "round_line", "post": 422}),
    ("city:proposal-restore", "run-matching", {"thing": "round_line", "post": 400}),
]
