from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from medshare_portal.models import AuditEvent
from resources.actions import offers
from resources.enums import OfferStatus, ResourceStatus, Visibility
from resources.intervals import DayException, Window
from resources.models import Offer, OfferedInterval, Resource
from scheduling.models import SharingRequest
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)  # Monday 12:00 in Shanghai
ALWAYS = [Window(day, time(0), time(0)) for day in range(7)]
NIGHTS = [Window(day, time(20), time(6)) for day in range(5)]
TERMS = offers.OfferTerms(starts_on=date(2026, 11, 23))


@pytest.fixture
def owner():
    return make.institution("owner")


@pytest.fixture
def engineer(owner):
    return make.user(at=owner, role="coordinator")


@pytest.fixture
def device(owner):
    return make.equipment(
        owner, status="submitted", visibility=Visibility.PRIVATE, confirmed_at=None
    )


def publish(device, by, **changes):
    values = {"terms": TERMS, "windows": ALWAYS, "now": NOW} | changes
    with transaction.atomic():
        return offers.publish(resource=device, by=by, **values)


def intervals(offer):
    rows = OfferedInterval.unscoped.filter(offer=offer).order_by("starts_at")
    return list(rows.values_list("starts_at", "ends_at"))


def seen_by(institution):
    return set(Resource.objects.visible_to(institution).values_list("pk", flat=True))


def test_publish_lists_the_device_and_offers_it_for_180_days(device, engineer):
    offer = publish(device, engineer)
    device.refresh_from_db()
    assert (device.status, device.visibility, device.confirmed_at) == (
        ResourceStatus.LISTED,
        Visibility.ALL,
        NOW,
    )
    assert intervals(offer) == [(NOW, datetime(2027, 5, 22, 16, tzinfo=UTC))]
    assert offer.expanded_until == datetime(2027, 5, 22, 16, tzinfo=UTC)
    event = AuditEvent.unscoped.get()
    assert (event.chain, event.action, event.actor_id) == ("owner", "offer.published", engineer.pk)


def test_publish_ends_with_the_offers_last_day_and_skips_exceptions(device, engineer):
    offer = publish(
        device,
        engineer,
        windows=NIGHTS,
        terms=replace(TERMS, ends_on=date(2026, 11, 26)),
        exceptions=[
            DayException(date(2026, 11, 24)),
            DayException(date(2026, 11, 25), time(8), time(9)),
        ],
    )
    assert intervals(offer) == [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (datetime(2026, 11, 25, 0, tzinfo=UTC), datetime(2026, 11, 25, 1, tzinfo=UTC)),
        (datetime(2026, 11, 26, 12, tzinfo=UTC), datetime(2026, 11, 26, 22, tzinfo=UTC)),
    ]


def test_publish_refuses_a_second_offer(device, engineer):
    publish(device, engineer)
    with pytest.raises(offers.AlreadyOffered):
        publish(device, engineer)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"status": "down"}, ["EQ-01"]),
        ({"obsolete": True}, ["EQ-06"]),
        ({"single_use": True}, ["EQ-09"]),
        ({"indemnity_ref": ""}, ["EQ-10"]),
        ({"loan": False}, ["EQ-00"]),
        ({"single_use": True, "indemnity_ref": "", "status": "lost"}, ["EQ-01", "EQ-09", "EQ-10"]),
    ],
)
def test_publish_refuses_what_the_rules_forbid_and_says_all_of_it(device, engineer, fields, codes):
    for name, value in fields.items():
        setattr(device.equipment, name, value)
    device.equipment.save()
    with pytest.raises(offers.NotOfferable) as refusal:
        publish(device, engineer)
    assert [finding.code for finding in refusal.value.findings] == codes
    assert not Offer.unscoped.exists()


def test_publish_refuses_categories_that_are_never_shared(owner, engineer):
    device = make.equipment(owner, status="draft", nmpa_category=make.nmpa_code("13"))
    with pytest.raises(offers.NotOfferable) as refusal:
        publish(device, engineer)
    assert [finding.code for finding in refusal.value.findings] == ["EQ-09"]


@pytest.mark.parametrize(
    ("windows", "refusal"),
    [([], offers.NoWindows), ([*ALWAYS, Window(2, time(3), time(4))], offers.WindowsOverlap)],
)
def test_publish_refuses_no_windows_and_overlapping_ones(device, engineer, windows, refusal):
    with pytest.raises(refusal):
        publish(device, engineer, windows=windows)


def test_an_offer_to_a_consortium_is_seen_by_its_members_of_the_day(device, owner, engineer):
    member, former, stranger = (make.institution(name) for name in ("member", "former", "stranger"))
    group = make.consortium(owner, member)
    make.join(group, former, since=date(2020, 1, 1), until=date(2026, 11, 22))
    publish(device, engineer, terms=replace(TERMS, visibility="consortium", consortia=(group,)))
    assert seen_by(member) == {device.pk}
    assert seen_by(former) == seen_by(stranger) == set()


def test_an_offer_to_named_institutions_is_seen_by_them_alone(device, engineer):
    named, stranger = make.institution("named"), make.institution("stranger")
    publish(device, engineer, terms=replace(TERMS, visibility="named", named_institutions=(named,)))
    assert (seen_by(named), seen_by(stranger)) == ({device.pk}, set())


def test_revise_keeps_the_past_and_never_touches_a_booking(device, engineer):
    borrower = make.institution("borrower")
    first = publish(device, engineer)
    request = make.sharing_request(device, borrower, state=State.APPROVED, now=NOW)
    before = SharingRequest.unscoped.filter(pk=request.pk).values().get()
    later = NOW + timedelta(days=2)
    with transaction.atomic():
        second = offers.revise(
            offer=first,
            terms=replace(TERMS, notice_hours=9, starts_on=date(2026, 11, 25)),
            windows=NIGHTS,
            by=engineer,
            now=later,
        )
    first.refresh_from_db()
    assert (first.status, second.status) == (OfferStatus.WITHDRAWN, OfferStatus.PUBLISHED)
    assert intervals(first) == [(NOW, later)]
    assert intervals(second)[0][0] == datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert SharingRequest.unscoped.filter(pk=request.pk).values().get() == before
    changes = AuditEvent.unscoped.order_by("-sequence").first().data["changes"]
    assert changes == {"notice_hours": ["4", "9"], "starts_on": ["2026-11-23", "2026-11-25"]}


def test_withdraw_pauses_the_device_and_takes_back_the_future(device, engineer):
    offer = publish(device, engineer)
    later = NOW + timedelta(days=1)
    with transaction.atomic():
        offers.withdraw(offer=offer, by=engineer, now=later)
    device.refresh_from_db()
    assert (device.status, device.visibility) == (ResourceStatus.PAUSED, Visibility.PRIVATE)
    assert intervals(offer) == [(NOW, later)]
    with pytest.raises(offers.OfferEnded), transaction.atomic():
        offers.withdraw(offer=offer, by=engineer, now=later)


def test_confirm_takes_own_published_offers_only(device, owner, engineer):
    offer = publish(device, engineer)
    other = make.institution("other")
    foreign = make.offer(make.equipment(other), now=NOW)
    later = NOW + timedelta(days=3)
    with transaction.atomic():
        assert (
            offers.confirm(institution=owner, offers=[offer, foreign], by=engineer, now=later) == 1
        )
    offer.refresh_from_db()
    foreign.refresh_from_db()
    device.refresh_from_db()
    assert (offer.confirmed_at, offer.confirmed_by, device.confirmed_at) == (later, engineer, later)
    assert foreign.confirmed_at == NOW


def test_the_horizon_rolls_on_without_new_rows_for_an_endless_offer(device, engineer):
    offer = publish(device, engineer)
    with transaction.atomic():
        assert offers.extend_horizon(NOW + timedelta(days=3)) == 1
        assert offers.extend_horizon(NOW + timedelta(days=3)) == 0
    assert intervals(offer) == [(NOW, datetime(2027, 5, 25, 16, tzinfo=UTC))]


def test_the_horizon_grows_to_what_a_fresh_expansion_would_give(device, owner, engineer):
    other = make.equipment(owner, status="submitted")
    grown = publish(device, engineer, windows=NIGHTS)
    with transaction.atomic():
        for day in range(1, 9):
            offers.extend_horizon(NOW + timedelta(days=day))
    fresh = publish(other, engineer, windows=NIGHTS, now=NOW + timedelta(days=8))
    cut = NOW + timedelta(days=8)
    assert [pair for pair in intervals(grown) if pair[0] >= cut] == [
        pair for pair in intervals(fresh) if pair[0] >= cut
    ]
