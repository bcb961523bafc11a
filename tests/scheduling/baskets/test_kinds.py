"""A basket over all kinds: each item is asked, approved and released as its kind does it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from resources.models import MedicineLot, StockMovement
from scheduling.actions import decisions, sign_offs
from scheduling.actions._basket import OnlyWhole, WaitsForBasket
from scheduling.basket_states import BasketState
from scheduling.kinds.information.actions import deciding as access
from scheduling.kinds.information.actions import looking
from scheduling.kinds.information.actions.asking import AccessTermsAsked
from scheduling.kinds.medicine.actions import deciding as transfers
from scheduling.kinds.medicine.actions import moving
from scheduling.kinds.medicine.actions.asking import TransferTerms
from scheduling.kinds.staff.actions.attendance import check_in
from scheduling.kinds.staff.actions.invitations import Invitation
from scheduling.kinds.staff.facts import Asked
from scheduling.kinds.staff.parts import HOST, PERSON
from scheduling.models import Basket, SharingRequest, StaffMail
from scheduling.states import State
from tests import make
from tests.make.baskets import HOUR, draft, loan, send_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(now):
    """A ventilator, its technician, consumables and the protocol, of four owners."""
    city = make.basket_city(now, owners=("devices",))
    city.lab, city.homes = make.institution("pharmacy"), make.institution("homes")
    city.papers = make.institution("papers")
    city.lot = make.offered_lot(city.lab)
    make.medicine_use(city.borrower, 4)
    city.nurse = make.compliant(city.homes, city.borrower)
    city.asset = make.asset(city.papers)
    city.sender = make.user("sender", at=city.lab, role="pharmacist")
    city.manager = make.user("manager", at=city.homes, role="staffing_manager")
    city.host = make.user("host", at=city.borrower, role="staffing_manager")
    city.steward = make.user("steward", at=city.papers, role="information_steward")
    city.all = [city.devices[0], city.nurse, city.lot.resource, city.asset]
    return city


def terms(city):
    site = city.borrower.sites.get()
    local = timezone.localtime(city.now + timedelta(days=2))
    night = local.replace(hour=20, minute=0)
    return [
        loan(city.now),
        Invitation(
            starts_at=night,
            ends_at=night + 12 * HOUR,
            asked=Asked(break_minutes=60, specialty=make.specialty(), site=site),
            accepted={},
        ),
        TransferTerms(
            quantity=20,
            expected_on=timezone.localdate(city.now) + timedelta(days=1),
            purpose="Consumables for it",
            delivery_site=site,
        ),
        AccessTermsAsked(
            purpose_of_use="TREAT",
            legal_basis="none_needed",
            recipient_role="physician",
            scope=(),
            looks=3,
            until=city.now + timedelta(days=7),
            reason="The protocol for it",
            agreed=True,
        ),
    ]


@pytest.fixture
def sent(mixed):
    basket = send_draft(mixed, *draft(mixed, mixed.all), terms=terms(mixed))
    rows = SharingRequest.unscoped.filter(basket=basket).order_by("pk")
    return basket, list(rows.select_related("resource", "owner", "borrower", "basket"))


def approve_packs(city, item, quantity=20):
    return transfers.approve(sharing_request=item, quantity=quantity, by=city.sender, now=city.now)


def approve_access(city, item, looks=3):
    return access.approve(
        sharing_request=item,
        until=city.now + timedelta(days=7),
        looks=looks,
        by=city.steward,
        now=city.now,
    )


def consent(city, item):
    """The person, the home employer and the host's credentialing."""
    sign_offs.give(sharing_request=item, part=PERSON, by=None, signed_name="Li", now=city.now)
    decisions.approve(sharing_request=item, by=city.manager, now=city.now)
    sign_offs.give(sharing_request=item, part=HOST, by=city.host, now=city.now)


def states(basket):
    rows = SharingRequest.unscoped.filter(basket=basket).order_by("pk")
    return list(rows.values_list("state", flat=True))


def test_each_kind_is_asked_in_its_own_way(sent):
    _basket, (device, shift, packs, access_request) = sent
    assert device.starts_at
    assert shift.staff_engagement.break_minutes == 60
    assert packs.medicine_transfer.expected_on
    assert packs.quantity == 20
    assert access_request.access_grant.purpose_of_use == "TREAT"
    assert access_request.quantity == 3


def test_it_is_complete_when_each_kind_has_said_yes(mixed, sent):
    basket, (device, shift, packs, access_request) = sent
    approve_packs(mixed, packs)
    approve_access(mixed, access_request)
    decisions.approve(sharing_request=device, by=mixed.approvers[0], now=mixed.now)
    assert Basket.unscoped.get().state == BasketState.OPEN
    consent(mixed, shift)
    assert states(basket) == ["approved"] * 4
    assert Basket.unscoped.get().state == BasketState.COMPLETE
    seen = look(mixed, access_request)
    assert seen.permitted
    assert states(basket)[3] == State.UNDERWAY


def look(city, item):
    return looking.look(
        sharing_request=item,
        institution=city.borrower,
        by=city.asker,
        address="127.0.0.1",
        now=city.now,
    )


def test_no_kind_lets_anything_out_before(mixed, sent):
    basket, (_device, shift, packs, access_request) = sent
    approve_packs(mixed, packs)
    approve_access(mixed, access_request)
    consent(mixed, shift)
    refused = look(mixed, access_request)
    assert [finding.code for finding in refused.findings.blocks] == ["INF-06"]
    director = make.user(at=mixed.borrower, role="approver")
    transfers.sign(sharing_request=packs, part="director", by=director, now=mixed.now)
    with pytest.raises(WaitsForBasket), transaction.atomic():
        moving.dispatch(
            sharing_request=packs,
            package=moving.Package(seal_no="S-1", courier="City van", logger_no="L-7"),
            recalls_checked=True,
            by=mixed.sender,
            now=mixed.now,
        )
    with pytest.raises(WaitsForBasket), transaction.atomic():
        check_in(sharing_request=shift, by=mixed.asker, now=shift.starts_at)
    assert states(basket) == ["requested", "approved", "approved", "approved"]


def test_what_each_kind_held_is_given_back(mixed, sent):
    basket, (device, shift, packs, access_request) = sent
    approve_packs(mixed, packs)
    approve_access(mixed, access_request)
    consent(mixed, shift)
    assert MedicineLot.unscoped.get(pk=packs.resource_id).reserved == 20
    decisions.decline(
        sharing_request=device, by=mixed.approvers[0], now=mixed.now, reason_code="own_need"
    )
    assert states(basket) == ["declined", "cancelled", "cancelled", "cancelled"]
    assert MedicineLot.unscoped.get(pk=packs.resource_id).reserved == 0
    sorts = StockMovement.unscoped.filter(reference=packs.reference).order_by("pk")
    assert list(sorts.values_list("sort", flat=True)) == ["reserve", "release"]
    letters = StaffMail.unscoped.filter(sharing_request=shift)
    assert letters.filter(event="ended").exists()
    assert not look(mixed, access_request).permitted


def test_fewer_packs_or_looks_are_neither_all_nor_nothing(mixed, sent):
    _basket, (_device, _shift, packs, access_request) = sent
    with pytest.raises(OnlyWhole), transaction.atomic():
        approve_packs(mixed, packs, quantity=19)
    with pytest.raises(OnlyWhole), transaction.atomic():
        approve_access(mixed, access_request, looks=2)
    assert MedicineLot.unscoped.get(pk=packs.resource_id).reserved == 0


def test_a_person_who_refuses_ends_it(mixed, sent):
    basket, items = sent
    sign_offs.refuse(
        sharing_request=items[1], part=PERSON, by=None, signed_name="Li", now=mixed.now
    )
    assert states(basket) == ["withdrawn", "declined", "withdrawn", "withdrawn"]


def test_every_kinds_decision_page_says_what_it_is_part_of(mixed, sent):
    _basket, (_device, _shift, packs, access_request) = sent
    for name, by, item in (
        ("medicine-decide", mixed.sender, packs),
        ("information-decide", mixed.steward, access_request),
    ):
        client = Client()
        client.force_login(by)
        address = reverse(f"scheduling:{name}", args=[item.owner.slug, item.pk])
        assert "one of 4 items of an all-or-nothing basket" in client.get(address).content.decode()
