"""Who could serve now what somebody is about to wait for, ranked as a round would rank it."""

from django.urls import reverse

from resources.kinds import kinds as catalogue_kinds
from resources.models import Resource
from scheduling.addresses import query
from scheduling.kinds import kinds as workflow_kinds
from scheduling.queries.rounds.one_need import who_could_serve
from scheduling.queries.rounds.suitable import Suitable
from scheduling.queries.rounds.wanted import Wanted, of_wish
from scheduling.views.ranked_rows import ranking_for


def instead_of_waiting(page) -> dict | None:
    """For the page that joins a line: context of ``scheduling/ranked/list.html``; None where the
    address names no time, or the kind has no matcher.  The number of statements depends on the
    kind, not on the offers."""
    wish = page.search.cleaned_data if page.search.is_valid() else {}
    if not wish.get("starts_at") or not workflow_kinds[page.of_kind].in_rounds:
        return None
    wanted = _wanted(page, wish)
    found = who_could_serve(wanted, now=page.now)

    def ask(one: Suitable) -> str:
        return _ask_address(page, wish, one)

    return ranking_for(wanted, found, ask=ask, zone=page.zone, now=page.now)


def _wanted(page, wish: dict) -> Wanted:
    """The resource that is taken is left out."""
    taken = page.wanted if isinstance(page.wanted, Resource) else None
    return of_wish(
        page.institution,
        taken.category if taken else page.wanted,
        taken=taken,
        now=page.now,
        starts_at=wish["starts_at"],
        ends_at=wish["ends_at"],
        quantity=wish["units"],
        site=wish.get("site") or (page.sites[0] if page.sites else None),
        within_km=int(wish["within"]) if wish.get("within") else None,
        priority=wish["priority"],
    )


def _ask_address(page, wish: dict, one: Suitable) -> str:
    path = catalogue_kinds[one.resource.kind].ask_page
    values = {
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "units": one.quantity,
        "priority": wish["priority"],
    }
    address = reverse(path, args=[page.institution.slug, one.resource.pk])
    return f"{address}?{query(values, page.zone)}"
