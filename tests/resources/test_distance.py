"""Kilometres in SQL are those in Python."""

import pytest

from resources.distance import between_sites, squared_km_from
from resources.models import Resource
from tests import make


@pytest.mark.django_db
def test_sql_and_python_agree_within_a_ten_thousandth():
    here = make.institution("here").sites.get()
    other = make.institution("there", with_site=False)
    for latitude, longitude in [(30.5, 120.4), (30.0, 119.5), (30.27, 120.15), (30.9, 120.9)]:
        make.equipment(other, site=make.site(other, latitude=latitude, longitude=longitude))
    rows = (
        Resource.objects.owned_by(other).select_related("site").annotate(km2=squared_km_from(here))
    )
    for row in rows:
        assert row.km2**0.5 == pytest.approx(between_sites(here, row.site), rel=1e-4, abs=1e-6)
