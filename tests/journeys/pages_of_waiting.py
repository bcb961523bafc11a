"""Needs and places in a line of the demo city, for the rows of the access table."""

from scheduling.models import Need, NeedAnswer, WaitlistEntry


class Waiting:
    """Mixin of ``Demo``: ``here`` is the institution that looks."""

    def _need(self, row):
        """Ours, or for who could help another's."""
        rows = Need.unscoped.filter(state="open").order_by("pk")
        ours = row.sides != "helpers"
        return (rows.filter if ours else rows.exclude)(institution=self.here).first()

    def _answer(self, row):
        rows = NeedAnswer.unscoped.filter(institution=self.here, taken_back_at=None)
        return rows.filter(need__state="open").order_by("pk").first()

    def _wait(self, row):
        state = "offered" if row.state == "offered" else "waiting"
        rows = WaitlistEntry.unscoped.filter(borrower=self.here, state=state, kind="equipment")
        return rows.order_by("pk").first()

    def _shiftplace(self, row):
        rows = WaitlistEntry.unscoped.filter(borrower=self.here, state="offered", kind="staff")
        return rows.order_by("pk").first()
