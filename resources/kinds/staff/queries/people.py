"""One of our people with all papers, for the person's page."""

from dataclasses import dataclass
from datetime import date, timedelta

from resources.models import Credential, Indemnity, PracticeBasis, Resource

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Papers:
    """Rows of each sort, those that end first in front."""

    credentials: list[Credential]
    bases: list[PracticeBasis]
    indemnities: list[Indemnity]


def papers_of(resource: Resource) -> Papers:
    """All papers of one of the institution's own people."""

    def rows(model, *related):
        found = model.objects.owned_by(resource.institution).filter(resource=resource)
        return list(found.select_related(*related).order_by("valid_until", "pk"))

    return Papers(
        rows(Credential, "competency"), rows(PracticeBasis, "host"), rows(Indemnity, "host")
    )


def state_of(valid_until: date | None, today: date) -> str:
    """``ok``, ``warn`` within thirty days of the end, ``bad`` after it."""
    if valid_until is None or valid_until > today + SOON:
        return "ok"
    return "warn" if valid_until >= today else "bad"
