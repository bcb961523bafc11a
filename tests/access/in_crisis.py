"""What the addresses of a crisis name."""

from functools import cached_property

from tests import make


class InCrisis:
    """Part of the world: owner, borrower and stranger are within the scope."""

    @cached_property
    def running(self):
        """A crisis that reaches everybody."""
        return make.crisis(self.owner, self.borrower, self.stranger, by=make.city_user())

    def _crisis(self, state):
        return {"pk": self.running.pk}

    def _emergency(self, state):
        self.running  # noqa: B018 – made first
        return {"pk": self.running.pk, "asked": self.request(state).pk}

    def _cityapproved(self, state):
        request = self.request(state)
        make.city_approval(request, self.running)
        return {"pk": request.pk}
