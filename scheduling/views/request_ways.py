"""What the request column offers instead of a wish that the rules block."""

from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from resources.tables import money
from scheduling.costs import cost_of
from scheduling.queries.alternatives import SPLIT, alternatives
from scheduling.queries.rule_facts import contexts_of
from scheduling.rules import findings_for_request


def ways_round(page) -> list[dict]:
    """Ways round the block of a page's wish, each judged by the same rules."""
    wish = page.wish
    found = alternatives(
        resource=wish.resource,
        institution=page.institution,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        units=wish.units,
        now=page.now,
        mode=wish.mode,
        site=page.home,
        ignoring=page.hold,
    )
    wishes = [
        replace(wish, resource=way.resource, starts_at=way.starts_at, ends_at=_end_of(way))
        for way in found
    ]
    contexts = contexts_of(wishes, now=page.now)
    return [_way(page, way, context) for way, context in zip(found, contexts, strict=True)]


def _way(page, way, context) -> dict:
    clears = not findings_for_request(context).blocks
    cost = cost_of(context.hours, page.wish.units, way.offer.fee_per_hour)
    times = {"starts_at": way.starts_at, "ends_at": _end_of(way)}
    return {
        "url": page.address(unit=way.resource.pk, **times),
        "title": way.text,
        "note": way.detail,
        "price": money(cost, way.offer.currency),
        "clears": clears and way.kind != SPLIT,
    }


def _end_of(way) -> datetime:
    """A split is asked for leg by leg: first until the change-over."""
    return way.then_at or way.ends_at


def wait_address(page) -> str:
    """Where one joins the line for the page's wish: time that is taken may become free."""
    wish = page.wish
    values = {
        "kind": wish.resource.kind,
        "unit": wish.resource.pk,
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "units": wish.units,
        "priority": wish.priority,
    }
    path = reverse("scheduling:waitlist-join", args=[page.institution.slug])
    return f"{path}?{page.query(values)}"
