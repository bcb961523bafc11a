"""Cards on the page of a piece of information: its conditions, its content, its recognition."""

from django.urls import reverse

from medshare_portal.roles import Permission, permissions_of
from resources.kinds.information.queries.conditions import agreement, five_lines, of_resource
from resources.kinds.information.queries.recognition import recognition_of
from resources.kinds.information.views.entry import KIND
from resources.kinds.information.views.recognition import explained
from resources.panels import Panel, register


def conditions(request, resource, now) -> dict | None:
    """The conditions in five lines, and the agreement behind a fold."""
    terms = of_resource(resource, request.institution) if resource.kind == KIND else None
    if terms is None:
        return None
    return {"lines": five_lines(terms), "agreement": agreement(terms), "number": terms.number}


def recognition(request, resource, now) -> dict | None:
    """For results of others: every rule of INF-08."""
    if resource.kind != KIND or resource.institution_id == request.institution.pk:
        return None
    if resource.information.recognised_item is None:
        return None
    found = explained(recognition_of(resource, request.institution, now))
    address = reverse(
        "resources:information-recognition", args=[request.institution.slug, resource.pk]
    )
    allowed = permissions_of(request.roles, KIND)
    return found | {"url": address if Permission.ASK in allowed else ""}


register(
    Panel(
        name="information-conditions",
        template="resources/information/conditions.html",
        context=conditions,
        order=10,
    )
)
register(
    Panel(
        name="information-recognition",
        template="resources/information/recognition_panel.html",
        context=recognition,
        order=20,
    )
)
