"""Staff may be paid back by the hour or by the shift: offered, read by the host, agreed, charged."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from medshare_portal.forms.moments import written
from resources.models import Offer
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_shift(lending):
    """The nurse's offer, at 600.00 for each shift."""
    Offer.unscoped.filter(resource=lending.nurse).update(fee_per_hour=0, fee_per_shift=600)
    return lending


def page(client, person, name, *arguments):
    client.force_login(person)
    return client.get(reverse(name, args=arguments)).content.decode()


def test_an_invitation_keeps_the_price_of_the_offer_whatever_becomes_of_it(by_shift):
    request = by_shift.invite()
    Offer.unscoped.filter(resource=by_shift.nurse).update(fee_per_shift=900)
    request.refresh_from_db()
    assert (request.fee_per_hour, request.fee_per_shift) == (0, 600)


def test_the_host_reads_the_price_before_it_invites_and_on_the_request(by_shift, client):
    invite = "scheduling:staff-invite"
    assert "¥600 a shift" in page(client, by_shift.head, invite, "host", by_shift.nurse.pk)
    text = page(client, by_shift.head, "scheduling:request-detail", "host", by_shift.invite().pk)
    assert "Per shift" in text
    assert "Per hour" not in text
    Offer.unscoped.filter(resource=by_shift.nurse).update(fee_per_hour=75, fee_per_shift=None)
    assert "¥75 an hour" in page(client, by_shift.head, invite, "host", by_shift.nurse.pk)


def test_the_list_of_candidates_has_a_price_for_each(by_shift, client):
    zone = ZoneInfo(by_shift.host.sites.get().time_zone)
    asked = {"profession": by_shift.nurse.category.slug, "specialty": make.specialty().code,
             "break_minutes": 60, "site": by_shift.host.sites.get().pk, "priority": "routine",
             "starts_at": written(by_shift.starts_at, zone),
             "ends_at": written(by_shift.ends_at, zone)}  # fmt: skip
    client.force_login(by_shift.head)
    found = client.get(reverse("scheduling:staff-need", args=["host"]), asked)
    assert "¥600 a shift" in found.text


def test_a_series_costs_its_shifts_times_the_price_of_one(by_shift, client):
    zone = ZoneInfo(by_shift.host.sites.get().time_zone)
    local = by_shift.starts_at.astimezone(zone)
    client.force_login(by_shift.head)
    address = reverse("scheduling:staff-series", args=["host", by_shift.nurse.pk])
    looked = client.post(
        address,
        {
            "starts_at": written(by_shift.starts_at, zone),
            "ends_at": written(by_shift.ends_at, zone),
            "specialty": make.specialty().code, "break_minutes": 60,
            "site": by_shift.host.sites.get().pk, "priority": "routine", "purpose": "Night cover",
            "repeat": "weekly", "every": 1, "times": 3, "weekdays": [local.weekday()],
            "do": "check", "idempotency_key": "what-a-series-costs",
        },
    )  # fmt: skip
    totals = looked.context["totals"]
    assert (totals["free"], totals["cost"]) == (3, "¥1,800")


def test_the_catalogue_says_by_what_it_is_charged(by_shift, client):
    text = page(client, by_shift.head, "resources:resource-detail", "host", by_shift.nurse.pk)
    assert "Per shift" in text
    client.force_login(by_shift.head)
    address = reverse("resources:resource-list", args=["host"])
    assert "¥600 a shift" in client.get(address, {"kind": "staff"}).content.decode()


def test_one_price_is_charged_and_never_both(by_shift):
    offers = Offer.unscoped.filter(resource=by_shift.nurse)
    for wrong in ({"fee_per_hour": 1}, {"fee_per_shift": Decimal("-0.01")}):
        with pytest.raises(IntegrityError, match="offer_one_fee"), transaction.atomic():
            offers.update(**wrong)


def test_the_form_takes_one_of_both_and_says_so_beside_the_field(lending, client):
    client.force_login(lending.manager)
    offer = Offer.unscoped.get(resource=lending.nurse)
    address = reverse("resources:offer-edit", args=["home", offer.pk])
    form = client.get(address).context["form"]
    typed = {field.html_name: "" if field.value() is None else field.value() for field in form} | {
        "fee_per_hour": "75",
        "fee_per_shift": "600",
        "idempotency_key": "key-of-the-form-1",
    }
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors["fee_per_shift"]
    client.post(address, typed | {"fee_per_hour": "0"})
    new = Offer.unscoped.get(resource=lending.nurse, status="published")
    assert (new.fee_per_hour, new.fee_per_shift) == (0, 600)


def test_a_device_is_never_charged_by_the_shift(client):
    owner = make.institution("renhe")
    device = make.equipment(owner)
    client.force_login(make.user(at=owner, role="coordinator"))
    form = client.get(reverse("resources:offer-create", args=["renhe", device.pk])).context["form"]
    assert "fee_per_shift" not in form.fields
    assert "fee_per_hour" in form.fields
