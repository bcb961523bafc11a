"""What the request column offers instead of a wish that the rules block."""

from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from resources.tables import money
from scheduling.costs import cost_of
from scheduling.kinds import kinds
from scheduling.queries.alternatives import OTHER_UNIT, SPLIT, alternatives
from scheduling.queries.rounds.one_need import who_could_serve
from scheduling.queries.rounds.suitable import Suitable
from scheduling.queries.rounds.wanted import of_wish
from scheduling.queries.rule_facts import contexts_of
from scheduling.rules import findings_for_request
from scheduling.views.ranked_rows import ranking_for


def ways_round(page) -> dict:
    """``ways``: other times and parts, judged by the same rules, first those that clear the block;
    ``instead``: who else could serve all of the wish, ranked as a round would rank it (context of
    ``scheduling/ranked/list.html``; None of a kind that the matcher leaves out)."""
    instead = _instead(page)
    ways = _ways(page, _with_others(instead))
    return {"ways": sorted(ways, key=lambda way: not way["clears"]), "instead": instead}


def _with_others(instead: dict | None) -> tuple[str, ...]:
    """Units in turn where none was ranked for all of the time; all by the search where no matcher
    compares them."""
    if instead is None:
        return (OTHER_UNIT, SPLIT)
    return () if instead["rows"] else (SPLIT,)


def _instead(page) -> dict | None:
    wish = page.wish
    if not kinds[wish.resource.kind].in_rounds:
        return None
    wanted = of_wish(
        page.institution,
        wish.resource.category,
        taken=wish.resource,
        now=page.now,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        quantity=wish.units,
        site=page.home,
        priority=wish.priority,
    )
    found = who_could_serve(wanted, now=page.now)

    def ask(one: Suitable) -> str:
        times = {"starts_at": one.starts_at, "ends_at": one.ends_at}
        return page.address(unit=one.resource.pk, units=one.quantity, **times)

    return ranking_for(wanted, found, ask=ask, zone=page.zone, now=page.now)


def _ways(page, with_others: tuple[str, ...]) -> list[dict]:
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
        with_others=with_others,
    )
    wishes = [
        replace(wish, resource=way.resource, starts_at=way.starts_at, ends_at=_end_of(way))
        for way in found
    ]
    contexts = contexts_of(wishes, now=page.now)
    judged = [
        (way, context, findings_for_request(context).blocks)
        for way, context in zip(found, contexts, strict=True)
    ]
    return [_way(page, *one) for one in judged if not _is_no_way(page, one[0], one[2])]


def _is_no_way(page, way, blocks) -> bool:
    """Another time of the same unit at which something stands in the way that does now."""
    stays = {one.code for one in page.findings.blocks} & {one.code for one in blocks}
    return way.resource == page.wish.resource and way.kind != SPLIT and bool(stays)


def _way(page, way, context, blocks) -> dict:
    clears = not blocks
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
