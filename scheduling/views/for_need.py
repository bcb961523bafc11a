"""Pages that ask for one thing, opened from a need: ``?need=`` says which."""

from scheduling.actions.needs_asked import from_need
from scheduling.models import SharingRequest

NEED = "need"


class AsksForNeed:
    """Mixin: ``counts(made)`` at the end of ``send`` lets the request count for the need."""

    @property
    def need_number(self) -> str:
        return self.request.GET.get(NEED, "")

    def counts(self, made: SharingRequest) -> SharingRequest:
        if number := self.need_number:
            from_need(number=number, sharing_request=made, by=self.request.user, now=self.now)
        return made
