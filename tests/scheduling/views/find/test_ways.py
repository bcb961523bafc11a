"""A way round leads out of what stands in the way."""

import pytest

from resources.models import Equipment
from tests import make
from tests.scheduling.views.find.search import END, START, address

pytestmark = pytest.mark.django_db


def test_no_other_time_of_a_unit_that_is_out_of_order_is_a_way_round(client, asker, device):
    make.sharing_request(
        device, make.institution("xihu"), state="approved", starts_at=START, ends_at=END
    )
    page = address(unit=device.pk)
    assert client.get(page).context["column"]["ways"]
    Equipment.unscoped.filter(pk=device.pk).update(status="down")
    column = client.get(page).context["column"]
    assert column["blocked"]
    assert column["ways"] == []
