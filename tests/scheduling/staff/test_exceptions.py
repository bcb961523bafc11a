"""An exception from a rule: two with the right, each with a reason, and it is listed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medshare_portal import policy
from resources.enums_staff import LicenceStatus
from scheduling.actions import decisions, sign_offs
from scheduling.actions._rules import MayNotExcept, RulesBlock
from scheduling.kinds.staff.actions.invitations import Invitation, invite
from scheduling.kinds.staff.actions.recheck import recheck
from scheduling.kinds.staff.parts import HOST, PERSON
from scheduling.models import SharingRequest, SignOff
from tests import make

REASON = "Flood: the day shift cannot come"


def long_day(lending, *, by, reason=""):
    """Eight to eight without a break: twelve hours, where China allows eleven."""
    starts_at = lending.starts_at - timedelta(hours=12)
    invitation = Invitation(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=12),
        asked=lending.asked(break_minutes=0),
        accepted={"STF-07": reason} if reason else {},
    )
    return invite(
        resource=lending.nurse, host=lending.host, invitation=invitation, by=by, now=lending.now
    )


def test_without_a_reason_the_rule_blocks(lending):
    with pytest.raises(RulesBlock) as refused:
        long_day(lending, by=lending.credentialing)
    assert [(f.code, f.excepted) for f in refused.value.findings] == [("STF-07", True)]


def test_who_may_pass_warnings_makes_no_exception(lending):
    with pytest.raises(MayNotExcept):
        long_day(lending, by=lending.head, reason=REASON)
    assert not SharingRequest.unscoped.exists()


def test_the_home_employer_gives_a_reason_of_its_own(lending):
    request = long_day(lending, by=lending.credentialing, reason=REASON)
    with pytest.raises(RulesBlock):
        decisions.approve(sharing_request=request, by=lending.manager, now=lending.now)
    assert SignOff.unscoped.filter(decision="given").count() == 0
    decisions.approve(
        sharing_request=request,
        by=lending.manager,
        now=lending.now,
        accepted={"STF-07": "We have spoken to her"},
    )
    person = {"by": None, "signed_name": "ST-1"}
    other = {"by": make.user(at=lending.host, role="staffing_manager")}
    for part, who in ((PERSON, person), (HOST, other)):
        sign_offs.give(sharing_request=request, part=part, now=lending.now, **who)
    booked = SharingRequest.unscoped.get()
    kept = [(e["code"], e["reason"], e["exception"]) for e in booked.accepted_findings]
    assert booked.state == "approved"
    assert kept == [("STF-07", REASON, True), ("STF-07", "We have spoken to her", True)]
    assert recheck(now=lending.now) == 0


def test_from_papers_there_is_no_exception(lending):
    member = lending.nurse.staff_member
    member.licence_status = LicenceStatus.SUSPENDED
    member.save()
    with pytest.raises(RulesBlock) as refused:
        long_day(lending, by=lending.credentialing, reason=REASON)
    blocks = {finding.code: finding.excepted for finding in refused.value.findings}
    assert blocks == {"STF-01": False, "STF-07": True}


@pytest.mark.parametrize(
    ("pack", "codes"),
    [
        ("CN", {"STF-07", "STF-09"}),
        ("EU", {"STF-10", "STF-11"}),
        ("UK", {"STF-10", "STF-11"}),
        ("generic", {"STF-07", "STF-10"}),
    ],
)
def test_each_pack_names_the_exceptions_that_its_law_knows(pack, codes):
    assert set(policy.load(pack).staff.exceptions) == codes


def test_the_report_lists_exceptions_and_warnings_of_both_sides(lending, client):
    long_day(lending, by=lending.credentialing, reason=REASON)
    device = make.equipment(lending.home)
    warned = [{"code": "EQ-02", "reason": "Due next week", "by": "A", "at": "2026-11-01T08:00:00Z"}]
    make.sharing_request(device, lending.host, accepted_findings=warned, submitted_at=lending.now)
    pages = {place: reverse("scheduling:passed-rules", args=[place]) for place in ("home", "host")}
    for user, place in ((lending.manager, "home"), (lending.head, "host")):
        client.force_login(user)
        page = client.get(pages[place]).text
        assert (REASON in page, "Due next week" in page) == (True, True)
        page = client.get(pages[place] + "?only=exceptions&days=365").text
        assert (REASON in page, "Due next week" in page) == (True, False)
    client.force_login(make.user(at=make.institution("third"), role="staffing_manager"))
    answer = client.get(reverse("scheduling:passed-rules", args=["third"]))
    assert "Nothing was passed in this time" in answer.text


def test_the_list_offers_the_exception_to_those_who_may(lending, client):
    day = lending.starts_at - timedelta(hours=12)
    query = {
        "profession": "2221",
        "specialty": "28",
        "starts_at": f"{day:%Y-%m-%dT%H:%M}",
        "ends_at": f"{lending.starts_at:%Y-%m-%dT%H:%M}",
        "break_minutes": 0,
        "site": lending.host.sites.get().pk,
    }
    address = reverse("scheduling:staff-need", args=["host"])
    client.force_login(lending.credentialing)
    assert "Exception…" in client.get(address, query).text
    client.force_login(lending.head)
    assert "Exception…" not in client.get(address, query).text
