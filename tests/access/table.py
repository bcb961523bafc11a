"""Who may open which address: one row per URL name, written by hand.

``sides`` says whose own slug leads to the object: ``any`` (no object), ``owner``, ``borrower``,
``both`` (of the request) or ``visible`` (everyone who sees the device; of a private one only its
owner), ``helpers`` (all but the borrower).  ``kind``: over what the permission is needed.  ``get`` and ``post`` are the answers to a person who may: an empty post, without the
form's key, changes nothing.
"""

from dataclasses import dataclass

from tests.access.rows_of_figures import FIGURES, FIGURES_OF_CITY
from tests.access.rows_of_files import FILES, FILES_OF_CITY
from tests.access.rows_of_rounds import ROUNDS, ROUNDS_OF_CITY
from tests.access.rows_of_series import SERIES
from tests.access.rows_of_settlement import OF_CITY, SETTLEMENT
from tests.access.rows_of_waiting import WAITING

EVERYBODY = (
    "coordinator", "approver", "pharmacist", "biomedical_engineer", "staffing_manager",
    "information_steward", "viewer", "head",
)  # fmt: skip
# Over the things of a kind; what no kind has a say in is the same for all.
EQUIPMENT = {
    "view": EVERYBODY,
    "edit-resource": ("coordinator", "biomedical_engineer"),
    "publish-offer": ("coordinator",),
    "edit-blocks": ("coordinator", "biomedical_engineer"),
    "ask": ("coordinator",),
    "decide": ("approver",),
    "hand-over": ("coordinator", "approver", "biomedical_engineer"),
    "post-check": ("biomedical_engineer",),
    "countersign": (),
    "export": (
        "coordinator", "approver", "pharmacist", "biomedical_engineer", "staffing_manager",
        "information_steward", "head",
    ),
    "converse": (
        "coordinator", "approver", "pharmacist", "biomedical_engineer", "staffing_manager",
        "information_steward", "head",
    ),
    "mediate": ("city_official",),
    "read-audit": ("approver", "information_steward", "head"),
    "read-statements": (
        "coordinator", "approver", "pharmacist", "staffing_manager", "head",
    ),
    "settle": ("coordinator", "approver", "head"),
    "name-deputy": ("coordinator", "head"),
    "set-limits": ("coordinator", "head"),
    "set-city-limits": ("city_official",),
    "city-view": ("city_official", "registry_admin"),
    "decide-dispute": ("city_official",),
    "declare-crisis": ("city_official",),
    "run-matching": ("city_official",),
}  # fmt: skip
STAFF = EQUIPMENT | {
    "edit-resource": ("staffing_manager",),
    "publish-offer": ("staffing_manager",),
    "edit-blocks": ("staffing_manager",),
    "ask": ("coordinator", "staffing_manager"),
    "decide": ("staffing_manager",),
    "hand-over": ("coordinator", "staffing_manager"),
    "post-check": ("staffing_manager",),
}
PHARMACIST = ("pharmacist",)
MEDICINE = EQUIPMENT | {
    "edit-resource": PHARMACIST,
    "publish-offer": PHARMACIST,
    "edit-blocks": (),
    "ask": PHARMACIST,
    "decide": PHARMACIST,
    "hand-over": PHARMACIST,
    "post-check": PHARMACIST,
    "countersign": ("approver",),
}
STEWARD = ("information_steward",)
INFORMATION = EQUIPMENT | {
    "edit-resource": STEWARD,
    "publish-offer": STEWARD,
    "edit-blocks": (),
    "ask": ("coordinator", "information_steward"),
    "decide": STEWARD,
    "hand-over": ("coordinator", "information_steward"),
    "post-check": STEWARD,
}
HOLDERS = {
    "equipment": EQUIPMENT,
    "medicine": MEDICINE,
    "staff": STAFF,
    "information": INFORMATION,
}


def holders(permission, kind):
    """The roles that hold a permission over a kind; "": over any of them."""
    tables = [HOLDERS[kind]] if kind else HOLDERS.values()
    return tuple(r for r in EVERYBODY if any(r in table[permission] for table in tables))


@dataclass(frozen=True)
class Row:
    """``thing`` is what the address names, ``state`` that of the request behind it."""

    name: str
    permission: str
    sides: str = "any"
    thing: str = ""
    get: int = 200
    post: int = 405
    state: str = "requested"
    kind: str = "equipment"

    @property
    def kind_is_known(self):
        """From the address alone; else the thing is looked for first, and may not be found."""
        return self.kind == "staff" or self.sides == "nobody"

    def __str__(self):
        return self.name


REPORTS = ("demand", "own-use", "stock-ahead", "shifts-ahead")
AT_INSTITUTION = [
    Row("reports:home", "view"),
    Row("portal:crisis", "view"),
    Row("reports:crisis", "view", "both", "past_crisis"),
    Row("portal:audit", "read-audit"),
    Row("portal:audit-export", "read-audit"),
    Row("portal:notifications", "view"),
    Row("portal:absences", "view"),
    Row("portal:absence-enter", "view", post=422),
    Row("portal:absence-end", "view", "owner", "absence", post=400),
    Row("resources:resource-list", "view"),
    Row("resources:resource-export", "export", get=405, post=400),
    Row("resources:resource-create", "edit-resource", "any", "kind", post=422),
    Row("resources:resource-detail", "view", "visible", "resource"),
    Row("resources:resource-edit", "edit-resource", "owner", "resource", post=422),
    Row("resources:resource-state", "edit-resource", "owner", "resource", post=422),
    Row("resources:resource-retire", "edit-resource", "owner", "resource", post=400),
    Row("resources:attachment-add", "edit-resource", "owner", "resource", post=422),
    Row("resources:attachment-download", "view", "visible", "attachment"),
    Row("resources:attachment-remove", "edit-resource", "owner", "attachment", post=400),
    Row("resources:offer-list", "view"),
    Row("resources:offer-confirm-many", "publish-offer", post=422, kind=""),
    Row("resources:offer-create", "publish-offer", "owner", "resource", post=422),
    Row("resources:offer-hours", "publish-offer", "any", "resource", kind=""),
    Row("resources:offer-edit", "publish-offer", "owner", "offer", post=422),
    Row("resources:offer-confirm", "publish-offer", "owner", "offer", post=400),
    Row("resources:offer-withdraw", "publish-offer", "owner", "offer", post=400),
    Row("resources:block-list", "view", "owner", "resource"),
    Row("resources:block-create", "edit-blocks", "owner", "resource", post=422),
    Row("resources:block-import", "edit-blocks", "owner", "resource", post=422),
    Row("resources:block-import-confirm", "edit-blocks", "owner", "resource", post=422),
    Row("resources:block-delete", "edit-blocks", "owner", "block", post=400),
    Row("resources:paper-add", "edit-resource", "owner", "person_and_sort", post=422, kind="staff"),
    Row("resources:paper-remove", "edit-resource", "owner", "paper", post=400, kind="staff"),
    Row("resources:shift-list", "view", "owner", "person", kind="staff"),
    Row("resources:shift-add", "edit-blocks", "owner", "person", post=422, kind="staff"),
    Row("resources:shift-calendar-import", "edit-blocks", "owner", "person", post=422, kind="staff"),
    Row("resources:shift-remove", "edit-blocks", "owner", "shift", post=400, kind="staff"),
    Row("resources:roster-import", "edit-blocks", post=422, kind="staff"),
    Row("resources:shift-import-confirm", "edit-blocks", post=422, kind="staff"),
    Row("scheduling:staff-need", "view", kind="staff"),
    Row("scheduling:staff-invite", "ask", "theirs", "person", post=422, kind="staff"),
    Row("scheduling:staff-credentialing", "decide", "borrower", "engagement", post=422, kind="staff"),
    Row("scheduling:staff-remind", "ask", "borrower", "engagement", post=400, kind="staff"),
    Row("scheduling:staff-check-in", "hand-over", "borrower", "engagement", post=400, state="approved", kind="staff"),
    Row("scheduling:staff-timesheet", "hand-over", "borrower", "engagement", post=422, state="underway", kind="staff"),
    Row("scheduling:staff-confirm", "post-check", "owner", "engagement", post=400, state="finished", kind="staff"),
    Row("resources:medicine-at-risk", "view", kind="medicine"),
    Row("resources:medicine-offer-lots", "publish-offer", post=422, kind="medicine"),
    Row("resources:medicine-scan", "edit-resource", kind="medicine"),
    Row("resources:medicine-register", "edit-resource", post=422, kind="medicine"),
    Row("resources:medicine-recalls", "view", kind="medicine"),
    Row("resources:medicine-recall", "decide", post=422, kind="medicine"),
    Row("resources:medicine-import", "edit-resource", "any", "table", post=422, kind="medicine"),
    Row("resources:medicine-import-confirm", "edit-resource", "any", "table", post=422, kind="medicine"),
    Row("resources:medicine-import-template", "edit-resource", "any", "table", kind="medicine"),
    Row("resources:medicine-stock", "view", "owner", "lot", kind="medicine"),
    Row("resources:medicine-move", "edit-resource", "owner", "lot", post=422, kind="medicine"),
    Row("resources:medicine-state", "edit-resource", "owner", "lot", post=422, kind="medicine"),
    Row("resources:medicine-offer", "publish-offer", "owner", "lot", post=422, kind="medicine"),
    Row("resources:information-content", "edit-resource", "owner", "asset", post=422, kind="information"),
    Row("resources:information-conditions", "publish-offer", "owner", "asset", post=422, kind="information"),
    Row("resources:information-recognition", "ask", "theirs", "report", post=422, kind="information"),
    Row("scheduling:medicine-ask", "ask", "visible", "offered_lot", post=422, kind="medicine"),
    Row("scheduling:medicine-decide", "decide", "owner", "transfer", post=422, kind="medicine"),
    Row("scheduling:medicine-sign", "view", "borrower", "signature", post=400, state="approved", kind="medicine"),
    Row("scheduling:medicine-dispatch", "hand-over", "owner", "transfer", post=422, state="approved", kind="medicine"),
    Row("scheduling:medicine-receive", "hand-over", "borrower", "transfer", post=422, state="underway", kind="medicine"),
    Row("scheduling:medicine-close", "post-check", "owner", "transfer", post=400, state="finished", kind="medicine"),
    Row("scheduling:medicine-note", "view", "both", "transfer", state="approved", kind="medicine"),
    Row("scheduling:information-ask", "ask", "visible", "asset", post=422, kind="information"),
    Row("scheduling:information-break-glass", "ask", "theirs", "asset", post=422, kind="information"),
    Row("scheduling:information-again", "ask", "borrower", "access", post=422, state="countered", kind="information"),
    Row("scheduling:information-decide", "decide", "owner", "access", post=422, kind="information"),
    Row("scheduling:information-second", "decide", "owner", "secret_access", post=400, kind="information"),
    Row("scheduling:information-end", "view", "both", "access", post=422, state="approved", kind="information"),
    Row("scheduling:information-consent", "view", "both", "access", post=422, state="approved", kind="information"),
    Row("scheduling:information-review", "post-check", "owner", "access", post=400, state="finished", kind="information"),
    Row("scheduling:information-review-glass", "post-check", "owner", "glass", post=422, kind="information"),
    Row("scheduling:information-open", "ask", "borrower", "access", post=400, state="approved", kind="information"),
    Row("scheduling:information-look", "ask", "nobody", "look", kind="information"),
    Row("scheduling:information-file", "ask", "nobody", "look", kind="information"),
    Row("scheduling:information-log", "read-audit"),
    Row("scheduling:information-glass", "post-check", kind="information"),
    Row("scheduling:find", "view", post=404),
    Row("scheduling:request-create", "ask", "visible", "resource", post=422),
    *(Row(*names, **more) for *names, more in WAITING),
    Row("scheduling:baskets", "view"),
    Row("scheduling:basket-draft", "ask", post=422, kind=""),
    Row("scheduling:basket-share", "ask", "nobody", "own_draft", post=422, kind=""),
    Row("scheduling:basket-unshare", "ask", "nobody", "own_draft", post=400, kind=""),
    Row("scheduling:basket-shared", "ask", "borrower", "shared_draft", kind=""),
    Row("scheduling:basket-put-in", "ask", "borrower", "shared_draft", post=400, kind=""),
    Row("scheduling:basket-line-remove", "ask", "nobody", "basket_line", post=400, kind=""),
    Row("scheduling:basket-detail", "view", "both", "basket"),
    Row("scheduling:basket-take-back", "ask", "borrower", "basket", post=400, kind=""),
    *(Row(*names, **more) for *names, more in SERIES),
    Row("scheduling:calendar", "view"),
    Row("scheduling:inbox", "view"),
    Row("scheduling:inbox-batch", "decide", post=422, kind=""),
    Row("scheduling:filter-save", "view", post=422),
    Row("scheduling:filter-default", "view", "nobody", "saved_filter", post=404),
    Row("scheduling:filter-delete", "view", "nobody", "saved_filter", post=404),
    Row("scheduling:passed-rules", "view"),
    Row("scheduling:lending", "view"),
    Row("scheduling:borrowing", "view"),
    Row("scheduling:lending-export", "export", get=405, post=400),
    Row("scheduling:borrowing-export", "export", get=405, post=400),
    Row("scheduling:request-pass-on", "hand-over", "both", "request", post=422, state="approved"),
    Row("scheduling:request-detail", "view", "both", "request"),
    Row("scheduling:request-decide", "decide", "owner", "request", post=422),
    Row("scheduling:request-approve", "decide", "owner", "request", post=400),
    Row("scheduling:request-counter", "decide", "owner", "request", post=422),
    Row("scheduling:request-decline", "decide", "owner", "request", post=422),
    Row("scheduling:request-accept-counter", "ask", "borrower", "request", post=400, state="countered"),
    Row("scheduling:request-refuse-counter", "ask", "borrower", "request", post=400, state="countered"),
    Row("scheduling:request-withdraw", "ask", "borrower", "request", post=400),
    Row("scheduling:request-cancel", "view", "both", "request", post=422, state="approved"),
    Row("scheduling:request-object", "decide", "owner", "cityapproved", post=422, state="approved"),
    Row("scheduling:request-no-show", "hand-over", "owner", "request", post=400, state="approved"),
    Row("scheduling:request-extend", "ask", "borrower", "request", post=422, state="underway"),
    Row("scheduling:request-extension", "decide", "owner", "change", post=422, state="underway"),
    Row("scheduling:request-shorten", "ask", "borrower", "request", post=422, state="underway"),
    Row("scheduling:request-recall", "decide", "owner", "request", post=422, state="underway"),
    Row("scheduling:request-fault", "hand-over", "borrower", "request", post=422, state="underway"),
    Row("scheduling:handover", "hand-over", "owner", "request", post=400, state="approved"),
    Row("scheduling:return", "hand-over", "borrower", "request", post=400, state="underway"),
    Row("scheduling:post-check", "post-check", "owner", "request", post=400, state="finished"),
    Row("scheduling:receipt", "hand-over", "both", "request", post=400, state="approved"),
    Row("scheduling:handover-photo", "view", "both", "photo", state="underway"),
    Row("scheduling:request-conversation", "view", "both", "message"),
    Row("scheduling:request-write", "converse", "both", "request", post=422),
    Row("scheduling:request-messages-read", "view", "both", "message", post=400),
    Row("scheduling:request-file", "view", "both", "file"),
    Row("scheduling:request-city-invite", "converse", "both", "request", post=422),
    Row("scheduling:request-city-end", "converse", "both", "request", post=400),
    Row("scheduling:request-note", "converse", "both", "request", post=422),
    Row("scheduling:request-note-correct", "converse", "owner", "note", post=422),
    Row("scheduling:label", "view", "owner", "resource"),
    Row("scheduling:handover-note", "view", "both", "request", state="approved"),
    *(Row(f"reports:{name}", "view") for name in REPORTS),
    Row("reports:demand-export", "export", get=405, post=400),
    *(Row(*names, **more) for *names, more in [*SETTLEMENT, *ROUNDS, *FIGURES, *FILES]),
]  # fmt: skip
AT_CITY = [
    Row("city:home", "city-view"),
    Row("city:late", "city-view"),
    Row("city:late-remind", "mediate", thing="latecity", post=400),
    Row("city:conversations", "mediate"),
    Row("city:conversation", "mediate", thing="invited"),
    Row("city:conversation-write", "mediate", thing="invited", post=422),
    Row("city:conversation-read", "mediate", thing="invited", post=400),
    Row("city:conversation-leave", "mediate", thing="invited", post=400),
    Row("city:conversation-file", "mediate", thing="invited_file"),
    Row("city:demand", "city-view"),
    Row("city:demand-export", "city-view", get=405, post=400),
    *(Row(*names, **more) for *names, more in [*OF_CITY, *ROUNDS_OF_CITY]),
    *(Row(*names, **more) for *names, more in [*FIGURES_OF_CITY, *FILES_OF_CITY]),
    Row("city:crises", "city-view"),
    Row("city:crisis-declare", "declare-crisis", post=422),
    Row("city:crisis", "city-view", thing="crisis"),
    Row("city:crisis-export", "city-view", thing="crisis", get=405, post=400),
    Row("city:crisis-extend", "declare-crisis", thing="crisis", post=422),
    Row("city:crisis-end", "declare-crisis", thing="crisis", post=422),
    Row("city:crisis-request", "declare-crisis", thing="emergency", post=422),
]

# Beyond their permission, cancelling needs what the person's side needs.
DECIDE_OR_ASK = {"owner": "decide", "borrower": "ask"}
BY_SIDE = {
    "portal:absence-end": {"owner": "name-deputy"},  # or one of the two whom it is about
    "scheduling:medicine-sign": {"borrower": "countersign"},
    "scheduling:request-cancel": DECIDE_OR_ASK,
    "scheduling:information-end": DECIDE_OR_ASK,
    "scheduling:information-consent": DECIDE_OR_ASK,
}
