"""What the addresses of a crisis name."""

from datetime import timedelta
from functools import cached_property

from scheduling.models import SharingRequest
from scheduling.states import Rung
from tests import make


class InCrisis:
    """Part of the world: owner, borrower and stranger are within the scope."""

    @cached_property
    def running(self):
        """A crisis that reaches everybody."""
        return make.crisis(self.owner, self.borrower, self.stranger, by=make.city_user())

    def _crisis(self, state):
        return {"pk": self.running.pk}

    @cached_property
    def past(self):
        """One that has ended and did not reach the stranger."""
        ended_at = self.now - timedelta(hours=1)
        began = {"starts_at": self.now - timedelta(days=2), "ended_at": ended_at, "hours": 48}
        return make.crisis(self.owner, self.borrower, by=make.city_user(), **began)

    def _past_crisis(self, state):
        return {"pk": self.past.pk}

    def _emergency(self, state):
        self.running  # noqa: B018 – made first
        request = self.request(state)
        SharingRequest.unscoped.filter(pk=request.pk).update(priority="stat")
        return {"pk": self.running.pk, "asked": request.pk}

    def _cityapproved(self, state):
        request = self.request(state)
        make.city_approval(request, self.running)
        return {"pk": request.pk}

    def _latecity(self, state):
        request = self.request(state)
        SharingRequest.unscoped.filter(pk=request.pk).update(escalation=Rung.CITY)
        return {"pk": request.pk}
