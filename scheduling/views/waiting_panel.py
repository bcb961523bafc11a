"""On the page of a place that the wait-list holds for us: until when, and what to do with it."""

from medshare_portal.roles import Permission
from scheduling.models import WaitlistEntry
from scheduling.request_panels import LEAD, Asked, RequestPanel, register
from scheduling.states import Side, State
from scheduling.waiting import WaitState


def place_held(asked: Asked) -> dict | None:
    held = asked.sharing_request
    if held.state != State.HELD or asked.side != Side.BORROWER:
        return None
    offered = WaitlistEntry.objects.owned_by(asked.institution).filter(state=WaitState.OFFERED)
    entry = offered.filter(promise=held).first()
    return entry and {"entry": entry, "may_take": Permission.ASK in asked.rights}


register(
    RequestPanel(
        name="place",
        template="scheduling/waiting/panel.html",
        context=place_held,
        place=LEAD,
        order=10,
    )
)
