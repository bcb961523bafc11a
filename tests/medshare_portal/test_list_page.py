"""A list page and what is in its address."""

import pytest

from tests import make


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["../../etc/passwd", "-", "object_label.data", "nobody", "-at"])
def test_a_sort_by_something_unknown_is_left_out(client, sort):
    owner = make.institution("owner")
    client.force_login(make.user(at=owner, role="approver"))
    response = client.get("/at/owner/audit/", {"sort": sort})
    assert response.status_code == 200
    assert list(response.context["table"].order_by) == ([sort] if sort == "-at" else ["-sequence"])


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["-1", "0", "1", "1000000"])
def test_how_many_rows_a_page_has_is_not_taken_from_the_address(client, size):
    owner = make.institution("owner")
    client.force_login(make.user(at=owner, role="approver"))
    response = client.get("/at/owner/audit/", {"per_page": size})
    assert response.status_code == 200
    assert response.context["table"].paginator.per_page == 50
