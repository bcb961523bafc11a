"""The matching rounds that the access table names."""

from tests import make


class OfRounds:
    """Mixin of ``World``: the borrower needs the owner's device."""

    def _round(self, state):
        return {"pk": self._computed().pk}

    def _round_line(self, state):
        run = self._computed()
        return {"pk": run.pk, "line": self._proposed(run).pk}

    def _own_round(self, state):
        return {"pk": self._computed(institution=self.borrower).pk}

    def _own_line(self, state):
        run = self._computed(institution=self.borrower)
        return {"pk": run.pk, "line": self._proposed(run).pk}

    def _round_unmet(self, state):
        return self._missing(self._computed())

    def _own_unmet(self, state):
        return self._missing(self._computed(institution=self.borrower))

    def _missing(self, run):
        need = make.need(self.borrower, category=self.device.category, now=self.now)
        return {"pk": run.pk, "line": make.unmet_need(run, need).pk}

    def _proposal(self, state):
        run = self._computed(state="published")
        return {"pk": self._proposed(run, state="published").pk}

    def _computed(self, **fields):
        return make.matching_run(now=self.now, kinds=["equipment"], **fields)

    def _proposed(self, run, **fields):
        self.offer  # noqa: B018 – made first, so that there is something to ask for
        need = make.need(self.borrower, category=self.device.category, now=self.now)
        return make.proposal(run, need, self.device, now=self.now, **fields)
