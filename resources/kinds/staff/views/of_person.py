"""What the pages about one of our own people share."""

from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import cached_property

from medshare_portal.roles import Permission
from resources.models import Resource
from resources.views.offers import find


class OfPerson:
    """One of our own people, named in the address."""

    permission = Permission.EDIT_RESOURCE
    of_kind = "staff"

    @cached_property
    def person(self) -> Resource:
        own = Resource.objects.owned_by(self.institution).filter(staff_member__isnull=False)
        rows = own.select_related("institution", "site", "category", "staff_member")
        return find(rows, pk=self.kwargs["pk"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.site.time_zone)

    @property
    def today(self):
        return self.now.astimezone(self.zone).date()

    def address(self, name: str = "resources:resource-detail") -> str:
        return reverse(name, args=[self.institution.slug, self.person.pk])

    def get_context_data(self, **kwargs):
        """The badge stands where a name would: names are not for addresses and crumbs."""
        crumbs = [{"label": self.person.code, "url": self.address()}]
        defaults = {"crumbs": crumbs, "cancel_url": self.address()}
        return super().get_context_data(resource=self.person, zone=self.zone, **(defaults | kwargs))
