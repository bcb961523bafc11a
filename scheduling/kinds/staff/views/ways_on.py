"""Where nobody can be invited: stand in line for the person or the profession, post a need."""

from django.urls import reverse

from scheduling.addresses import query
from scheduling.queries.home_zone import home_zone
from scheduling.views.need_of_search import ways_to_post


def line_for(institution, **wish) -> str:
    """The page that joins the line; ``wish``: unit or what, and what ``times_of`` gives."""
    path = reverse("scheduling:waitlist-join", args=[institution.slug])
    return f"{path}?{query({'kind': 'staff'} | wish, home_zone(institution))}"


def need_for(institution, **wish) -> dict:
    return ways_to_post(institution, {"kind": "staff"} | wish, site=None)


def times_of(values: dict) -> dict:
    """Of a shift's cleaned form: when, where, how urgent."""
    site = values.get("site")
    return {
        "starts_at": values["starts_at"],
        "ends_at": values["ends_at"],
        "site": site.pk if site else "",
        "priority": values.get("priority") or "routine",
    }
