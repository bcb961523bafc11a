"""GEN, OFR and EQ rules (domain.md 4.1, 4.2) where a request is asked for, through the database.

Each row is what makes one rule speak, and nothing else; the neighbours that must stay silent stand
below it.  Rules at handover, return and check are in ``test_handover_rules.py``.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from medshare_portal.models import Institution
from resources.models import Competency, Equipment, Offer, OperatorCompetency
from scheduling.actions._rules import checked
from scheduling.queries.rule_facts import Wish
from scheduling.states import State
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")  # of the sites that tests make
DEVICE, OFFER, OWNER, BORROWER = "device", "offer", "owner", "borrower"
LARGE = {"licensed_large": "B", "licence_no": "L-1", "loan": False, "on_site": True}
FIXED = {"fixed": True, "loan": False, "on_site": True}


def said(city, now, **changes):
    """[(code, severity)] of what is said about a wish for tomorrow, 24 hours."""
    values = {
        "resource": city.resource,
        "borrower": city.borrower,
        "starts_at": now + DAY,
        "ends_at": now + 2 * DAY,
        "mode": "loan",
    }
    _context, findings = checked(Wish(**values | changes), now=now)
    return sorted((finding.code, finding.severity.value) for finding in findings)


def put(city, what, fields):
    """Change a row behind the actions' back, as time or another page would."""
    rows = {
        DEVICE: Equipment.unscoped.filter(pk=city.resource.pk),
        OFFER: Offer.unscoped.filter(resource=city.resource),
        OWNER: Institution.unscoped.filter(pk=city.owner.pk),
        BORROWER: Institution.unscoped.filter(pk=city.borrower.pk),
    }
    rows[what].update(**fields)
    city.resource = type(city.resource).unscoped.get(pk=city.resource.pk)
    city.borrower = Institution.unscoped.get(pk=city.borrower.pk)


def test_what_keeps_every_rule_meets_none(city, now):
    assert said(city, now) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("GEN-01", lambda now: {"ends_at": now + DAY}),
        ("GEN-02", lambda now: {"starts_at": now - 6 * timedelta(minutes=1)}),
        ("OFR-05", lambda now: {"units": 2}),
        ("OFR-07", lambda now: {"mode": "service"}),
        ("EQ-10", lambda now: {"agreement_accepted": False}),
    ],
)
def test_what_was_asked_is_blocked(city, now, code, changes):
    assert (code, "block") in said(city, now, **changes(now))


def test_a_start_within_the_grace_is_not_past(city, now):
    assert said(city, now, starts_at=now - 4 * timedelta(minutes=1)) == []


def test_nobody_asks_beyond_the_horizon(city, now):
    far = said(city, now, starts_at=now + 2000 * DAY, ends_at=now + 2001 * DAY)
    assert ("GEN-13", "block") in far
    assert ("GEN-02", "block") not in far


@pytest.mark.parametrize("side", [OWNER, BORROWER])
def test_a_practice_licence_lasts_to_the_last_day_of_either_side(city, now, side):
    """GEN-05"""
    last_day = (now + 2 * DAY).astimezone(ZONE).date()
    put(city, side, {"licence_valid_to": last_day})
    assert said(city, now) == []
    put(city, side, {"licence_valid_to": last_day - DAY})
    assert said(city, now) == [("GEN-05", "block")]


def test_nobody_asks_for_the_own_device(city, now):
    assert said(city, now, borrower=city.owner) == [("GEN-04", "block")]


@pytest.mark.parametrize(
    ("found", "what", "fields"),
    [
        (("EQ-01", "block"), DEVICE, {"status": "down"}),
        (("EQ-01", "block"), DEVICE, {"status": "maintenance"}),
        (("EQ-01", "warn"), DEVICE, {"status": "degraded"}),
        (("EQ-04", "block"), DEVICE, {"safety_test_result": "fail"}),
        (("EQ-04", "block"), DEVICE, {"last_safety_test": None}),
        (("EQ-06", "block"), DEVICE, {"obsolete": True}),
        (("EQ-09", "block"), DEVICE, {"single_use": True}),
        (("EQ-10", "block"), DEVICE, {"indemnity_ref": ""}),
        (("EQ-08", "warn"), DEVICE, {"radiation": True}),
        (("OFR-01", "block"), OFFER, {"status": "withdrawn"}),
        (("OFR-03", "block"), OFFER, {"notice_hours": 25}),
        (("OFR-04", "block"), OFFER, {"max_loan_hours": 23}),
        (("EQ-15", "warn"), OFFER, {"reserve_percent": 90}),
    ],
)
def test_what_the_device_or_its_offer_is_speaks_alone(city, now, found, what, fields):
    put(city, what, fields)
    assert said(city, now) == [found]


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        (DEVICE, {"mains_powered": False, "last_safety_test": None}),
        (OFFER, {"notice_hours": 24}),
        (OFFER, {"max_loan_hours": 24}),
        (OFFER, {"reserve_percent": 80}),
    ],
)
def test_at_its_limit_a_rule_is_silent(city, now, what, fields):
    put(city, what, fields)
    assert said(city, now) == []


@pytest.mark.parametrize("field", ["next_pm_due", "calibration_due", "safety_test_due"])
def test_care_that_falls_due_before_the_return_blocks(city, now, field):
    """EQ-02, EQ-03, EQ-04: due on the last day is in time, the day before is not."""
    code = {"next_pm_due": "EQ-02", "calibration_due": "EQ-03", "safety_test_due": "EQ-04"}[field]
    last_day = (now + 2 * DAY).astimezone(ZONE).date()
    put(city, DEVICE, {field: last_day})
    assert said(city, now) == []
    put(city, DEVICE, {field: last_day - DAY})
    assert said(city, now) == [(code, "block")]


def test_a_hospital_without_a_trained_operator_does_not_borrow(city, now):
    """EQ-07: blocks a loan, warns where the device stays with its own operator."""
    skill = Competency.objects.create(code="ecmo", name_en="ECMO")
    put(city, DEVICE, {"required_competency": skill, "on_site": True})
    assert said(city, now) == [("EQ-07", "block")]
    assert said(city, now, mode="on_site") == [("EQ-07", "warn")]
    last_day = (now + 2 * DAY).astimezone(ZONE).date()
    held = OperatorCompetency.unscoped.create(
        institution=city.borrower, competency=skill, valid_until=last_day
    )
    assert said(city, now) == []
    OperatorCompetency.unscoped.filter(pk=held.pk).update(valid_until=last_day - DAY)
    assert said(city, now) == [("EQ-07", "block")]


@pytest.mark.parametrize("bound", [LARGE, FIXED], ids=["licensed", "fixed"])
def test_what_is_licensed_or_fixed_is_used_at_its_site_only(city, now, bound):
    """EQ-08"""
    put(city, DEVICE, bound)
    assert said(city, now) == [("EQ-08", "block"), ("OFR-07", "block")]
    assert said(city, now, mode="on_site") == []


@pytest.mark.parametrize("code", ["12", "13", "21"])
def test_implants_and_what_is_for_one_patient_are_not_shared(city, now, code):
    """EQ-09"""
    put(city, DEVICE, {"nmpa_category": make.nmpa_code(code)})
    assert said(city, now) == [("EQ-09", "block")]


def test_a_device_without_its_registration_is_not_shared(city, now):
    """EQ-06; class I needs none."""
    put(city, DEVICE, {"risk_class": "I", "registration_no": ""})
    assert said(city, now) == []


def test_a_booking_at_that_time_is_in_the_way(city, now):
    """GEN-03"""
    booked(city, now, now + 2 * DAY - HOUR)
    assert said(city, now) == [("GEN-03", "block")]


def test_the_owners_own_use_at_that_time_is_in_the_way(city, now):
    """GEN-03"""
    make.block(city.resource, now + DAY, now + DAY + HOUR, by=city.lender)
    assert said(city, now) == [("GEN-03", "block")]


def test_cleaning_and_transport_fit_between_two_uses(city, now):
    """EQ-13: 60 minutes of cleaning and twice 30 of transport after ours, 30 before the next."""
    put(city, OFFER, {"transport_minutes": 30, "cleaning_minutes": 60})
    end = now + 2 * DAY
    booked(city, now, end + timedelta(minutes=119), before=30)
    assert said(city, now) == [("EQ-13", "block")]
    assert said(city, now, ends_at=end - timedelta(minutes=1)) == []


def test_who_asks_is_told_that_the_device_is_not_back(city, now):
    """EQ-11, however far ahead and however late."""
    out = booked(city, now, now - 4 * DAY, state=State.UNDERWAY)
    assert out.ends_at < now
    assert said(city, now) == [("EQ-11", "warn")]
    later = said(city, now, starts_at=now + 20 * DAY, ends_at=now + 21 * DAY)
    assert later == [("EQ-11", "warn")]


def test_hours_that_are_not_offered_are_not_asked_for(city, now):
    """OFR-02"""
    Offer.unscoped.get(resource=city.resource).intervals.update(ends_at=now + 2 * DAY - HOUR)
    assert said(city, now) == [("OFR-02", "block")]


def test_an_offer_that_nobody_confirmed_for_long_warns(city, now):
    """OFR-06"""
    put(city, OFFER, {"confirmed_at": now - 100 * DAY})
    assert said(city, now) == [("OFR-06", "warn")]


def test_an_emergency_may_ask_with_less_notice(city, now):
    """OFR-03"""
    put(city, OFFER, {"notice_hours": 25})
    assert said(city, now, priority="stat") == [("OFR-03", "warn")]


def booked(city, now, starts_at, *, state=State.APPROVED, before=0):
    """A booking of two hours by a third hospital; its blocked time begins earlier."""
    return make.sharing_request(
        city.resource,
        make.institution("third"),
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        blocked_from=starts_at - timedelta(minutes=before),
        now=now,
    )
