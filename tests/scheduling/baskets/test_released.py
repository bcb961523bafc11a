"""What became of a basket, as the pages say it of each of its items."""

import pytest

from tests.make.baskets import sent_basket
from tests.scheduling.baskets.test_pages import at

pytestmark = pytest.mark.django_db


def test_what_is_released_says_so_wherever_its_state_stands(city):
    """In the lists of both sides, on its own page and on that of the basket; why, to the borrower."""
    basket, items = sent_basket(city)
    at(city.asker, city.borrower, "basket-take-back", basket.pk, data={})
    approver, owner = city.approvers[0], city.devices[0].institution
    ours = [
        at(city.asker, city.borrower, *page).content.decode()
        for page in (
            ("borrowing",), ("basket-detail", basket.pk), ("request-detail", items[0].pk),
        )
    ]  # fmt: skip
    theirs = [
        at(approver, owner, *page).content.decode()
        for page in (("lending",), ("request-detail", items[0].pk))
    ]
    for page in ours + theirs:
        assert "Released with its basket" in page
        assert "Withdrawn" not in page.replace("Withdrawn</option>", "")
    assert "Taken back by the borrower" in ours[2]
    assert "Taken back by the borrower" not in theirs[1]
