"""How both sides of a request have dealt with each other in a year, on its page."""

from scheduling.queries.dealings import dealings
from scheduling.request_panels import ASIDE, Asked, RequestPanel, register


def panel(asked: Asked) -> dict | None:
    """What changed after it was agreed, in both directions; nothing where nothing did."""
    request = asked.sharing_request
    other = request.owner if asked.side == "borrower" else request.borrower
    parts = dealings(asked.institution, other, now=asked.now)
    return {"name": other.name, "parts": parts} if parts else None


register(
    RequestPanel(
        name="dealings",
        template="scheduling/requests/dealings.html",
        context=panel,
        place=ASIDE,
        order=60,
    )
)
