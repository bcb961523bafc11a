"""Pages of matching rounds: one of the city that is being answered, and hospitals' own."""

from django.urls import reverse

from scheduling.models import MatchingRun, Proposal


class Rounds:
    """Picks what the rows of the access table name."""

    def _proposal(self, row):
        side = "owner" if row.sides == "owner" else "borrower"
        told = Proposal.unscoped.filter(state="published", **{side: self.here})
        return told.filter(kind="equipment").order_by("pk").first()  # an approver answers for them

    def _own_round(self, row):
        return MatchingRun.unscoped.filter(institution=self.here).order_by("-pk").first()

    def _own_line(self, row):
        run = self._own_round(row)
        line = run and run.proposals.order_by("pk").first()
        return line and {"pk": run.pk, "line": line.pk}

    def _own_unmet(self, row):
        run = self._own_round(row)
        missing = run and run.unmet.order_by("pk").first()
        return missing and {"pk": run.pk, "line": missing.pk}


def of_city():
    """The list, the order, and each round with what it left unmet and what may be tried."""
    yield reverse("city:rounds")
    yield reverse("city:round-order")
    for run in MatchingRun.unscoped.filter(institution=None).order_by("pk"):
        yield reverse("city:round", args=[run.pk])
        yield reverse("city:round-unmet", args=[run.pk])
        for missing in run.unmet.order_by("pk")[:2]:
            yield reverse("city:round-try", args=[run.pk, missing.pk])
