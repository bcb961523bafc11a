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


_SITES = Prepared(lambda: _main_site_first(Bind("institution", BigIntegerField())))


def active_sites(institution) -> list[Site]:
    """Its sites, the main one first."""
    return _SITES.instances(institution=institution.pk)


def main_site(institution) -> Site | None:
    """The main site, or the first active one."""
    return next(iter(active_sites(institution)), None)


def home_zone(institution) -> ZoneInfo:
    """The main site's zone; without a site the portal's."""
    zones = _ZONES.column(institution=institution.pk)
    return ZoneInfo(zones[0]) if zones else timezone.get_default_timezone()
