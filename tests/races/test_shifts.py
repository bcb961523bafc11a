"""Two people enter a shift that somebody works at home while the last consent books her elsewhere."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from medshare_portal.refusals import Refusal
from resources.kinds.staff.actions import shifts
from resources.kinds.staff.shift_lines import Line
from scheduling.actions import decisions, sign_offs
from scheduling.kinds.staff.actions.invitations import Invitation, invite
from scheduling.kinds.staff.facts import Asked
from scheduling.kinds.staff.guarantees import OVER_BOOKING, OVER_SHIFT
from scheduling.models import SharingRequest
from tests import make
from tests.races import truths, walls
from tests.races.arena import FEW, HOUR, rounds, rush

pytestmark = pytest.mark.race
DAY = timedelta(days=1)
OVER_A_SHIFT = """
SELECT COUNT(*) FROM scheduling_sharingrequest request
JOIN resources_committedshift shift ON shift.resource_id = request.resource_id
WHERE request.state IN ('approved', 'underway', 'finished')
AND shift.starts_at < request.blocked_until AND shift.ends_at > request.blocked_from
"""


class Night:
    """A nurse whose own and whose host's yes are there: her home employer's books the shift."""

    def __init__(self):
        self.now = timezone.now().replace(minute=0, second=0, microsecond=0)
        self.home, self.host = make.institution("home"), make.institution("host")
        self.head = make.user(at=self.host, role="coordinator")
        self.credentialing = make.user(at=self.host, role="staffing_manager")
        self.managers = [make.user(at=self.home, role="staffing_manager") for _one in range(2)]

    def invited(self, number: int) -> SharingRequest:
        nurse = make.compliant(self.home, self.host)
        starts_at = self.now + (2 + number) * DAY
        asked = Asked(break_minutes=60, specialty=make.specialty(), site=self.host.sites.get())
        invitation = Invitation(
            starts_at=starts_at, ends_at=starts_at + 10 * HOUR, asked=asked, accepted={}
        )
        with transaction.atomic():
            request = invite(
                resource=nurse, host=self.host, invitation=invitation, by=self.head, now=self.now
            )
            said = {"sharing_request": request, "now": self.now}
            sign_offs.give(part="person", by=None, signed_name=nurse.code, **said)
            sign_offs.give(part="host", by=self.credentialing, **said)
        return request

    def play(self, number: int) -> list[str]:
        """What became of the last consent and of two shifts that begin within the night."""
        request = self.invited(number)
        return rush([lambda: self.book(request), *self.entries(request)])

    def entries(self, request: SharingRequest) -> list:
        calls = []
        for manager, hour in zip(self.managers, (1, 4), strict=True):
            starts_at = request.starts_at + hour * HOUR
            line = Line(
                resource=request.resource_id, starts_at=starts_at, ends_at=starts_at + 3 * HOUR,
                break_minutes=0,
            )  # fmt: skip
            calls.append(lambda line=line, by=manager: self.enter(request, line, by))
        return calls

    def book(self, request: SharingRequest) -> str:
        return politely(
            lambda: decisions.approve(sharing_request=request, by=self.managers[0], now=self.now)
        )

    def enter(self, request: SharingRequest, line: Line, by) -> str:
        return politely(
            lambda: shifts.add(resource=request.resource, line=line, by=by, now=self.now)
        )


def politely(action) -> str:
    """Done, or refused with a reason; everything else is a failure of the test."""
    try:
        with transaction.atomic():
            action()
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def test_a_person_is_either_at_home_or_booked_and_never_both(idle_portal):
    night = Night()
    for number in range(rounds(FEW)):
        booked, *entered = night.play(number)
        if booked == "done":
            assert entered == ["ShiftOverBooking"] * 2
        else:
            assert (booked, entered) == ("RulesBlock", ["done"] * 2)
    assert truths.count(OVER_A_SHIFT) == 0
    assert truths.broken() == {}


def test_twin_without_the_databases_walls_a_booked_person_is_entered_at_home(idle_portal):
    """Of the two sides one asks the rules; the other is refused by the database alone."""
    for wall in (OVER_BOOKING, OVER_SHIFT):
        walls.drop_trigger(wall)
    night = Night()
    request = night.invited(0)
    assert night.book(request) == "done"
    assert rush(night.entries(request)) == ["done"] * 2
    assert truths.count(OVER_A_SHIFT) == 2
