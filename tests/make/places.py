"""Institutions, sites and consortia."""

from datetime import date
from itertools import count

from medshare_portal.models import Consortium, ConsortiumMembership, Institution, Site
from medshare_portal.validators import uscc_check_character

_numbers = count(1)


def _uscc(number: int) -> str:
    first = f"12330100{number:09d}"
    return first + uscc_check_character(first)


def institution(slug: str = "", *, with_site: bool = True, **fields) -> Institution:
    """An active hospital; with a main site unless told otherwise (``institution.sites.get()``)."""
    number = next(_numbers)
    slug = slug or f"hospital-{number}"
    values = {
        "slug": slug,
        "name_en": f"{slug.title()} Hospital",
        "name_zh": f"{slug}医院",
        "uscc": _uscc(number),
        "institution_type": "A100",
        "hospital_level": "32",
        "beds": 500,
        "status": Institution.Status.ACTIVE,
        "licence_valid_to": date(2040, 1, 1),
    }
    made = Institution.unscoped.create(**values | fields)
    if with_site:
        site(made, is_main=True)
    return made


def site(institution: Institution, **fields) -> Site:
    number = next(_numbers)
    values = {
        "code": f"site-{number}",
        "name_en": f"{institution.name_en} Campus {number}",
        "name_zh": f"{institution.name_zh}{number}院区",
        "latitude": 30.27,
        "longitude": 120.15,
        "time_zone": "Asia/Shanghai",
    }
    return Site.unscoped.create(institution=institution, **values | fields)


def consortium(*members: Institution, slug: str = "", since: date = date(2020, 1, 1)) -> Consortium:
    slug = slug or f"consortium-{next(_numbers)}"
    made = Consortium.objects.create(slug=slug, name_en=slug.title(), name_zh=f"{slug}医联体")
    for member in members:
        join(made, member, since=since)
    return made


def join(
    consortium: Consortium, institution: Institution, *, since: date, until: date | None = None
) -> ConsortiumMembership:
    return ConsortiumMembership.objects.create(
        consortium=consortium, institution=institution, valid_from=since, valid_until=until
    )
