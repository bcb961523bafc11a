"""Reports that somebody keeps, for the rows of the access table."""

from reports.models import SavedReport
from tests import make


class OfReports:
    """Part of the world."""

    def _kept_report(self, state):
        return self._kept(self.owner, page="reports:scorecard")

    def _city_report(self, state):
        return self._kept(None, page="city:figures")

    def _shared_report(self, state):
        return self._kept(None, page="city:figures", shared=True)

    def _kept(self, institution, **more):
        kept = SavedReport.unscoped.create(
            institution=institution, user=make.user(at=institution), created_at=self.now,
            name=f"Kept {SavedReport.unscoped.count()}", **more,
        )  # fmt: skip
        return {"pk": kept.pk}
