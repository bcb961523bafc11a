"""What a what-if is called: the needs, offers and institutions of a round by their references."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from medshare_portal.models import Institution
from resources.models import Resource
from scheduling.models import MatchingRun, Proposal, UnmetNeed
from scheduling.queries.rounds.draft import key_of

RELATED = ("need__category", "need__institution")


def offers_for(whose):
    """The resources that may be named to an institution; None: to the city's officials."""
    rows = Resource.objects.in_city_view() if whose is None else Resource.objects.visible_to(whose)
    return rows.select_related("category", "institution")


def hidden_from(whose, rows: Iterable[Proposal]) -> frozenset[int]:
    """Resources of these lines that are not offered to the hospital that runs the round."""
    keys = {row.resource_id for row in rows}
    return frozenset(keys - set(offers_for(whose).filter(pk__in=keys).values_list("pk", flat=True)))


@dataclass(frozen=True)
class Names:
    """In the reader's language; what may not be named has its reference."""

    needs: dict[int, Proposal | UnmetNeed]
    offers: dict[int, Resource]
    hospitals: dict[str, Institution]

    def need(self, ref: str) -> str:
        row = self.needs.get(key_of(ref))
        return row.name if row else ref

    def meta(self, ref: str) -> str:
        row = self.needs.get(key_of(ref))
        return f"{row.need.institution.name} · {row.need.reference}" if row else ""

    def offer(self, ref: str) -> str:
        row = self.offers.get(key_of(ref))
        return f"{row.code} · {row.institution.name}" if row else ref

    def hospital(self, slug: str) -> str:
        row = self.hospitals.get(slug)
        return row.name if row else slug


def names_of(
    run: MatchingRun,
    whose,
    *,
    needs: Collection[int],
    offers: Collection[int],
    hospitals: Collection[str],
) -> Names:
    found: dict[int, Proposal | UnmetNeed] = {}
    for model, related in ((Proposal, (*RELATED, "resource")), (UnmetNeed, RELATED)):
        rows = model.objects.of(run).filter(need__in=needs).select_related(*related)
        found |= {row.need_id: row for row in rows}
    return Names(
        found,
        offers_for(whose).in_bulk(list(offers)),
        {row.slug: row for row in institutions(hospitals)},
    )


def institutions(slugs: Collection[str]) -> list[Institution]:
    return list(Institution.objects.directory().filter(slug__in=slugs).order_by("slug"))
