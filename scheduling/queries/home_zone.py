"""The clock of an institution: that of its main site."""

from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField
from django.utils import timezone

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.models import Site


def _main_site_first(institution):
    sites = Site.objects.owned_by(institution).filter(active=True)
    return sites.order_by("-is_main", "pk")


_ZONES = Prepared(
    lambda: _main_site_first(Bind("institution", BigIntegerField())).values_list("time_zone")
)


def main_site(institution) -> Site | None:
    """The main site, or the first active one."""
    return _main_site_first(institution).first()


def home_zone(institution) -> ZoneInfo:
    """The main site's zone; without a site the portal's."""
    zones = _ZONES.column(institution=institution.pk)
    return ZoneInfo(zones[0]) if zones else timezone.get_default_timezone()
