"""The rows of needs and the wait-list in the access table: names and sides, then what differs."""

WAITING = [
    ("scheduling:needs", "view", {}),
    ("scheduling:need-post", "ask", {"post": 422, "kind": ""}),
    ("scheduling:need-import", "ask", {"post": 422, "kind": ""}),
    ("scheduling:need-import-confirm", "ask", {"post": 422, "kind": ""}),
    ("scheduling:need-import-template", "ask", {"kind": ""}),
    ("scheduling:need-detail", "view", "any", "need", {}),
    ("scheduling:need-amend", "ask", "borrower", "need", {"post": 422}),
    ("scheduling:need-withdraw", "ask", "borrower", "need", {"post": 400}),
    ("scheduling:need-answer", "publish-offer", "helpers", "need", {"post": 422}),
    ("scheduling:need-take-back", "publish-offer", "owner", "answer", {"post": 400}),
    ("scheduling:waitlist", "view", {}),
    ("scheduling:waitlist-join", "ask", {"get": 404, "post": 404, "kind": ""}),
    ("scheduling:waitlist-leave", "ask", "borrower", "wait", {"post": 400}),
    ("scheduling:waitlist-pass-on", "ask", "borrower", "wait", {"post": 400, "state": "offered"}),
    ("scheduling:waitlist-accept", "ask", "borrower", "wait", {"post": 422, "state": "offered"}),
    (
        "scheduling:staff-place",
        "ask",
        "borrower",
        "shiftplace",
        {"post": 422, "kind": "staff", "state": "offered"},
    ),
]
