"""What the pages about one own lot share."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.views.pages import ActionPage
from resources.kinds.medicine.queries.stock import own_lots
from resources.models import MedicineLot


class OfLot:
    """The lot in the address, of the institution in the address."""

    @property
    def of_kind(self) -> str:
        """Known from the lot: who does not see it is told that there is none."""
        return self.lot.resource.kind

    @cached_property
    def lot(self) -> MedicineLot:
        try:
            return own_lots(self.institution).get(pk=self.kwargs["pk"])
        except (MedicineLot.DoesNotExist, OverflowError) as error:
            raise Http404 from error

    def address(self, name: str) -> str:
        return reverse(name, args=[self.institution.slug, self.lot.pk])

    def get_context_data(self, **kwargs):
        crumbs = [
            {
                "label": self.lot.resource.name,
                "url": self.address("resources:resource-detail"),
            }
        ]
        return super().get_context_data(lot=self.lot, crumbs=crumbs, **kwargs)


class LotAction(OfLot, ActionPage):
    """A form about a lot that leads back to its ledger."""

    def get_context_data(self, **kwargs):
        cancel_url = self.address("resources:medicine-stock")
        return super().get_context_data(cancel_url=cancel_url, **kwargs)

    def done(self, message: str) -> str:
        messages.success(self.request, message)
        return self.address("resources:medicine-stock")
