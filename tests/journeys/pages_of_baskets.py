"""The demo's baskets, for the rows of the access table."""

from scheduling.models import Basket


class Baskets:
    """Part of ``Demo``: ``here`` is the institution."""

    def _basket(self, row):
        return Basket.unscoped.filter(borrower=self.here).exclude(state="draft").first()

    def _own_draft(self, row):
        return {}

    def _shared_draft(self, row):
        drafts = Basket.unscoped.filter(borrower=self.here, state="draft", shared_at__isnull=False)
        return drafts.first()

    def _basket_line(self, row):
        """A person's own: the journey of a basket has it."""
