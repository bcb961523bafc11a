"""INF-01 to INF-05, INF-13 and INF-14: every rule that objects says so, all at once."""

from datetime import timedelta

import pytest

from scheduling.actions._rules import RulesBlock
from scheduling.kinds.information.actions import asking
from scheduling.models import AccessGrant, SharingRequest, TermsAcceptance
from tests import make
from tests.scheduling.information.conftest import wanted

pytestmark = pytest.mark.django_db


def codes(ask, **changes):
    with pytest.raises(RulesBlock) as refusal:
        ask(**changes)
    assert all(finding.source_text and finding.text for finding in refusal.value.findings)
    return sorted(finding.code for finding in refusal.value.findings)


def test_a_wish_within_the_conditions_is_sent(ask, clinician, now):
    request = ask()
    grant = AccessGrant.objects.of(request).get()
    assert (request.state, request.quantity, request.starts_at) == ("requested", 3, None)
    assert (grant.person, grant.purpose_of_use, grant.valid_until) == (clinician, "TREAT", None)
    assert TermsAcceptance.objects.of_user(clinician).get().terms == grant.terms


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"purpose_of_use": ""}, ["INF-01"]),
        ({"purpose_of_use": "BTG"}, ["INF-01"]),
        ({"purpose_of_use": "HPAYMT"}, ["INF-01"]),
        ({"recipient_role": "manager"}, ["INF-01"]),
        ({"legal_basis": "legal_duty"}, ["INF-02"]),
        ({"looks": 21}, ["INF-05"]),
        ({"looks": 0}, ["INF-05"]),
        ({"until": None}, ["INF-05"]),
        ({"agreed": False}, ["INF-00"]),
        ({"purpose_of_use": "", "looks": 99, "agreed": False}, ["INF-00", "INF-01", "INF-05"]),
    ],
)
def test_what_a_wish_breaks_is_said_and_nothing_is_kept(ask, clinician, change, expected):
    assert codes(ask, **change) == expected
    assert not SharingRequest.unscoped.exists()


def test_an_end_is_within_the_conditions_to_the_moment(ask, now):
    assert codes(ask, until=now + timedelta(days=30, seconds=1)) == ["INF-05"]
    assert codes(ask, until=now) == ["INF-05"]
    assert ask(until=now + timedelta(days=30)).state == "requested"


@pytest.mark.parametrize(("purpose", "days"), [("TREAT", 90), ("HRESCH", 365)])
def test_the_pack_limits_what_the_conditions_would_allow(ask, owner, now, purpose, days):
    """INF-05: the shortest time that the purpose needs, research may need a year."""
    wide = make.asset(owner, terms={"max_days": 365})
    wish = {"resource": wide, "purpose_of_use": purpose}
    assert codes(ask, **wish, until=now + timedelta(days=days, seconds=1)) == ["INF-05"]
    assert ask(**wish, until=now + timedelta(days=days)).state == "requested"


@pytest.fixture
def of_persons(owner):
    return make.asset(owner, identifiability="identified", field_names="age\nstage\ncourse")


GOOD = {
    "legal_basis": "consent",
    "consent_ref": "C-17",
    "consent_separate": True,
    "scope": ("age", "stage"),
    "assessment_ref": "PIA-3",
    "contract_ref": "K-9",
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"legal_basis": "none_needed"}, ["INF-02"]),
        ({"legal_basis": ""}, ["INF-02"]),
        ({"consent_ref": ""}, ["INF-02"]),
        ({"consent_separate": False}, ["INF-02"]),
        ({"scope": ()}, ["INF-03"]),
        ({"scope": ("全部",)}, ["INF-03"]),
        ({"scope": ("All",)}, ["INF-03"]),
        ({"scope": ("age", "name")}, ["INF-03"]),
        ({"scope": ("age", "stage", "course")}, ["INF-03"]),
        ({"assessment_ref": ""}, ["INF-04"]),
        ({"contract_ref": ""}, ["INF-14"]),
    ],
)
def test_data_on_persons_ask_for_more(ask, of_persons, change, expected):
    assert codes(ask, resource=of_persons, **GOOD | change) == expected


def test_data_on_persons_with_all_that_is_asked_are_sent(ask, of_persons):
    assert ask(resource=of_persons, **GOOD).state == "requested"


def test_nothing_leaves_the_country(ask, borrower):
    borrower.sites.update(country="DE")
    assert codes(ask) == ["INF-13"]


def test_what_is_not_offered_or_withdrawn_is_not_asked_for(ask, asset):
    asset.offers.update(status="withdrawn")
    assert codes(ask) == ["OFR-01"]


def test_nobody_asks_at_home(asset, owner, steward, now):
    with pytest.raises(RulesBlock) as refusal:
        asking.ask(resource=asset, borrower=owner, asked=wanted(now), by=steward, now=now)
    assert [finding.code for finding in refusal.value.findings] == ["GEN-04"]
