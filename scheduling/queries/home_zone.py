"""The clock of an institution: that of its main site."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from medshare_portal.models import Site


def main_site(institution) -> Site | None:
    """The main site, or the first active one."""
    sites = Site.objects.owned_by(institution).filter(active=True)
    return sites.order_by("-is_main", "pk").first()


def home_zone(institution) -> ZoneInfo:
    """The main site's zone; without a site the portal's."""
    site = main_site(institution)
    return ZoneInfo(site.time_zone) if site else timezone.get_default_timezone()
