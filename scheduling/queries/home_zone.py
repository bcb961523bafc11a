"""The clock of an institution: that of its main site."""

from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField
from django.utils import timezone

from medshare_portal.db.prepared import Bind, Prepared
from medshare_portal.memberships import main_sites
from medshare_portal.models import Site

_ZONES = Prepared(
    lambda: main_sites(Bind("institution", BigIntegerField())).values_list("time_zone")
)


_SITES = Prepared(lambda: main_sites(Bind("institution", BigIntegerField())))


def active_sites(institution) -> list[Site]:
    """Its sites, the main one first."""
    return _SITES.instances(institution=institution.pk)


def main_site(institution) -> Site | None:
    """The main site, or the first active one."""
    return next(iter(active_sites(institution)), None)


def home_zone(institution) -> ZoneInfo:
    """The main site's zone; without a site the portal's."""
    name = _zone_name(institution)
    return ZoneInfo(name) if name else timezone.get_default_timezone()


def _zone_name(institution) -> str | None:
    """Read with the memberships, where the institution is one of the reader's."""
    if institution.time_zone is None:
        return next(iter(_ZONES.column(institution=institution.pk)), None)
    return institution.time_zone
