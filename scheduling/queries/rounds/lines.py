"""The proposals of a round as a table at volume: narrowed, counted per need, and their scales.

Each function is one statement, however many proposals there are.
"""

from dataclasses import dataclass

from django.db.models import Count, FloatField, Max, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from medshare_portal.models import Institution
from scheduling.models import MatchingRun, Proposal
from scheduling.round_states import ProposalState

PINNED = "pinned"


@dataclass(frozen=True)
class Scales:
    """The largest of a round, the full length of a bar.  ``saved``: hundredths of the currency."""

    saved: float
    kilometres: float


def narrowed(rows: QuerySet, *, hospital: int | None = None, kind: str = "") -> QuerySet:
    """With this hospital on either side, of this kind."""
    if hospital is not None:
        rows = rows.filter(Q(owner=hospital) | Q(borrower=hospital))
    return rows.filter(kind=kind) if kind else rows


def shown(rows: QuerySet, show: str) -> QuerySet:
    """In one state, or those that are pinned; "" for all."""
    if not show:
        return rows
    return rows.filter(pinned=True) if show == PINNED else rows.filter(state=show)


def numbers(rows: QuerySet) -> dict[str, int]:
    """Proposals in all, pinned, per state."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in ProposalState}
    return rows.order_by().aggregate(
        all=Count("pk"), pinned_ones=Count("pk", filter=Q(pinned=True)), **states
    )


def per_urgency(rows: QuerySet) -> dict[int, tuple[int, int]]:
    """Urgency → (needs, proposals): a need that three lots serve together is one need."""
    found = rows.order_by().values_list("urgency")
    found = found.annotate(Count("need", distinct=True), Count("pk"))
    return {level: (needs, lines) for level, needs, lines in found.order_by("urgency")}


def scales(run: MatchingRun) -> Scales:
    rows = Proposal.objects.of(run).order_by()
    saved = Cast(KeyTextTransform("saved", "effect"), FloatField())
    found = rows.aggregate(saved=Max(saved), kilometres=Max("kilometres"))
    return Scales(found["saved"] or 0, found["kilometres"] or 0)


def hospitals_in(run: MatchingRun) -> list[Institution]:
    """Those that give or get something in this round."""
    rows = Proposal.objects.of(run).order_by()
    either = Q(pk__in=rows.values("owner")) | Q(pk__in=rows.values("borrower"))
    return list(Institution.objects.directory().filter(either).order_by("slug"))
