"""From a search that found nothing to a need: its form filled in, or posted with one click."""

from django.urls import reverse

from scheduling.addresses import query, texts_of
from scheduling.queries.home_zone import home_zone
from scheduling.states import Priority

OTHER_NAMES = {"units": "quantity", "within": "within_km"}
FIELDS = (
    "kind",
    "what",
    "quantity",
    "starts_at",
    "ends_at",
    "skills",
    "site",
    "within_km",
    "priority",
)


def as_need(values: dict) -> dict:
    """What a search says, by the names of the need's form; the first of what is not said."""
    renamed = {OTHER_NAMES.get(name, name): value for name, value in values.items()}
    need = {name: renamed[name] for name in FIELDS if renamed.get(name)}
    return {"quantity": "1", "priority": str(Priority.ROUTINE)} | need


def ways_to_post(institution, values: dict, *, site: int | None) -> dict:
    """``need_url``: the form filled in; ``need_now``: the fields that post it at once, none where
    something is left to say – what is needed, or why it is urgent.

    ``values``: the search as its address says it, or as moments; ``site``: where it is needed
    if the search does not say.
    """
    zone = home_zone(institution)
    address = reverse("scheduling:need-post", args=[institution.slug])
    need = as_need({"site": site} | texts_of(values, zone))
    complete = need.get("what") and need["priority"] == Priority.ROUTINE
    return {
        "need_post": address,
        "need_url": f"{address}?{query(values, zone)}",
        "need_now": need if complete else {},
    }
