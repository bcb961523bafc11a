"""The card of a request's page with the note to print and its code."""

from scheduling.kinds import kinds
from scheduling.note_codes import code_of
from scheduling.request_panels import ASIDE, Asked, RequestPanel, register
from scheduling.states import State

TRAVELS = set(State.BOOKED) - {State.CLOSED}


def note_of(asked: Asked) -> dict | None:
    """While it is booked or out."""
    request = asked.sharing_request
    if request.state not in TRAVELS:
        return None
    page = kinds[request.kind].pages.get("note", "handover-note")
    return {"characters": code_of(request.pk), "page": f"scheduling:{page}"}


register(
    RequestPanel(
        name="note",
        template="scheduling/handover/note_panel.html",
        context=note_of,
        place=ASIDE,
        order=60,
    )
)
