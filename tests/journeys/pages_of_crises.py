"""Pages of crisis mode: what the city approved in an owner's place, and the city's own pages."""

from django.urls import reverse

from medshare_portal.models import Crisis
from scheduling.models import CityApproval
from scheduling.queries.late_at_city import late_keys


class InCrisis:
    """Picks what the rows of the access table name."""

    def _past_crisis(self, row):
        """The latest that reached us."""
        return Crisis.objects.filter(reach__institution=self.here).order_by("-pk").first()

    def _cityapproved(self, row):
        """A request of ours that the city approved, if the demo has one."""
        rows = CityApproval.unscoped.filter(sharing_request__owner=self.here)
        found = rows.order_by("pk").first()
        return found and found.sharing_request


def of_city():
    """The city's home, late answers, the list of crises, the declaration, what was done under each."""
    yield reverse("city:home")
    yield reverse("city:late")
    yield from (reverse("city:late-remind", args=[key.request]) for key in late_keys()[:1])
    yield reverse("city:crises")
    yield reverse("city:crisis-declare")
    yield from (reverse("city:crisis", args=[row.pk]) for row in Crisis.objects.order_by("pk"))
