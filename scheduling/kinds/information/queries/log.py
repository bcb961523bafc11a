"""The access log of an owner, page by page, and its queue of broken glass."""

from datetime import datetime

from scheduling.models import AccessEvent, AccessGrant

ROWS = 50
MOST_WAITING = 200
REVIEWED_SHOWN = 20


def page_of(
    institution, *, before: int | None, decision: str, resource: int | None, request: int | None,
    since: datetime | None = None, until: datetime | None = None,
) -> list[AccessEvent]:  # fmt: skip
    """At most ROWS + 1 looks, the latest first; one more than a page says that there are more.

    Every combination begins with an index that ends in the number, so depth costs nothing.
    """
    rows = AccessEvent.objects.owned_by(institution)
    if before:
        rows = rows.filter(sequence__lt=before)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    if decision:
        rows = rows.filter(decision=decision)
    if resource:
        rows = rows.filter(resource_id=resource)
    if request:
        rows = rows.filter(request_id=request)
    return list(rows.order_by("-sequence")[: ROWS + 1])


def glass_of(institution) -> tuple[list[AccessGrant], list[AccessGrant]]:
    """(to review by due date, reviewed lately)."""
    rows = AccessGrant.objects.owned_by(institution).select_related(
        "sharing_request__resource", "sharing_request__borrower", "person", "reviewed_by"
    )
    waiting = rows.to_review().order_by("review_due_at", "pk")[:MOST_WAITING]
    reviewed = rows.filter(reviewed_at__isnull=False).order_by("-reviewed_at", "-pk")
    return list(waiting), list(reviewed[:REVIEWED_SHOWN])
