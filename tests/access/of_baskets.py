"""Baskets for the rows of the access table."""

from tests import make


class OfBaskets:
    """Part of ``World``: its device, borrower, offer and now."""

    def _basket(self, state):
        self.offer  # noqa: B018 – made first, the request names it
        return {"pk": make.open_basket(self.device, self.borrower, now=self.now).pk}

    def _basket_line(self, state):
        asker = make.user(at=self.borrower, role="coordinator")
        return {"pk": make.basket_line(self.borrower, self.device, asker, now=self.now).pk}

    def _own_draft(self, state):
        """Nobody who comes has one: each person's own draft is at an address without a number."""
        return {}

    def _shared_draft(self, state):
        asker = make.user(at=self.borrower, role="coordinator")
        line = make.basket_line(self.borrower, self.device, asker, now=self.now)
        return {"pk": make.shared(line.basket, by=asker, now=self.now).pk}
