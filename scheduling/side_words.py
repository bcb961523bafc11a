"""What a request's page calls its two sides and its two ends: the words of a loan, or a kind's."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.states import Side


@dataclass(frozen=True, kw_only=True)
class SideWords:
    """``given`` and ``taken`` name the other side as ``%(name)s``, as the owner or the borrower
    reads them."""

    owner: Promise
    borrower: Promise
    given: Promise
    taken: Promise
    goes_to: Promise
    started: Promise
    ended: Promise
    leaves: Promise  # what is next for the owner, for the borrower, and at the end
    arrives: Promise
    comes_back: Promise
    by_link: Promise | None = None  # who acts without an account, where somebody can

    def of(self, side: str) -> Promise:
        """'Owner' or 'Borrower'."""
        return self.owner if side == Side.OWNER else self.borrower

    def actor(self, side: str) -> Promise:
        """Who made a step that no account made."""
        others = {Side.SYSTEM: Side.SYSTEM.label, Side.CITY: Side.CITY.label}
        return others.get(side) or self.by_link or self.of(side)

    def headline(self, side: str, counterpart: str) -> str:
        """'lent to Xihu' or 'borrowed from Renhe', by whose page it is."""
        words = self.given if side == Side.OWNER else self.taken
        return str(words) % {"name": counterpart}


OF_A_LOAN = SideWords(
    owner=_("Owner"),
    borrower=_("Borrower"),
    given=_("lent to %(name)s"),
    taken=_("borrowed from %(name)s"),
    goes_to=_("Goes to"),
    started=_("Handed over"),
    ended=_("Returned"),
    leaves=_("Hand over"),
    arrives=_("Ready to collect"),
    comes_back=_("Return due"),
)
