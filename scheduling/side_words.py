"""What a request's page calls its two sides and its two ends: the words of a loan, or a kind's."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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

    def of(self, side: str) -> Promise:
        """'Owner' or 'Borrower'."""
        return self.owner if side == "owner" else self.borrower

    def headline(self, side: str, counterpart: str) -> str:
        """'lent to Xihu' or 'borrowed from Renhe', by whose page it is."""
        words = self.given if side == "owner" else self.taken
        return str(words) % {"name": counterpart}


OF_A_LOAN = SideWords(
    owner=_("Owner"),
    borrower=_("Borrower"),
    given=_("lent to %(name)s"),
    taken=_("borrowed from %(name)s"),
    goes_to=_("Goes to"),
    started=_("Handed over"),
    ended=_("Returned"),
)
