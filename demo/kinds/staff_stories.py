"""What became of some shifts: invited, agreed to in part, booked, on hold, at work, confirmed.

Made by the portal's own actions: their logs, notices and letters are those of real ones.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo.moments import to_datetime, to_minutes, to_quarter
from demo.world import Place, World
from medshare_portal.models import Code
from medshare_portal.roles import Role
from resources.enums_staff import LicenceStatus
from resources.models import Competency, StaffMember
from scheduling.actions import sign_offs
from scheduling.actions.requests import cancel, withdraw
from scheduling.kinds.staff.actions import attendance
from scheduling.kinds.staff.actions.invitations import Invitation, invite
from scheduling.kinds.staff.actions.recheck import recheck
from scheduling.kinds.staff.facts import Asked
from scheduling.kinds.staff.parts import HOME, HOST, PERSON
from scheduling.models import SharingRequest, StaffMail
from scheduling.states import Side

# Of each of the first institutions, what its first people are asked by the next one.
TURNS = (
    ("waits_for_home", "timesheet_signed", "on_hold"),
    ("invited", "booked", "confirmed"),
    ("agreed", "at_work", "refused"),
    ("invited", "timesheet_signed", "cancelled"),
    ("waits_for_home", "booked", "withdrawn"),
    ("invited", "booked", "timesheet_due"),
)
# Days ago, when each of these people worked there before: in a month that is settled, and lately.
EARLIER = (38, 7)
MESSAGES = (
    ("Two nurses are ill; intensive care is short tonight.", "两名护士病假，重症夜班缺人。"),
    ("More patients on ventilators than planned.", "呼吸机患者多于预期，需支援。"),
)
WARDS = ("A-3F ICU", "A-3F EICU", "A-5F RICU")


def make_stories(world: World, people: list) -> None:
    told = [person for person in people if person.told]
    for turn, events in enumerate(TURNS[: len(world.places)]):
        owner, host = world.places[turn], world.places[(turn + 1) % len(TURNS)]
        mine = [person for person in told if person.place is owner]
        for number, (person, event) in enumerate(zip(mine, events, strict=True)):
            story = _Story(world, person, host, number)
            story.history()
            getattr(story, event)()
    recheck(now=world.moment - timedelta(hours=3))
    StaffMail.unscoped.filter(sent_at=None).update(sent_at=world.moment)


class _Story:
    """One nurse, the home institution and the host."""

    def __init__(self, world: World, person, host: Place, number: int):
        self.world, self.person, self.host, self.number = world, person, host, number
        self.head = host.people[Role.COORDINATOR][0]
        self.host_manager = host.people[Role.STAFFING_MANAGER][0]
        self.manager = person.place.people[Role.STAFFING_MANAGER][0]

    def before(self, hours: float) -> datetime:
        return self.world.moment - timedelta(hours=hours)

    def night(self, days: int) -> tuple[datetime, datetime]:
        """Eight to eight, counted from this evening."""
        zone = ZoneInfo(self.host.sites[0].time_zone)
        starts_at = datetime.combine(self.world.today + timedelta(days=days), time(20), zone)
        return starts_at, starts_at + timedelta(hours=12)

    def around(self, starts: float) -> tuple[datetime, datetime]:
        """Eight and a half hours that began about so many hours ago."""
        starts_at = to_datetime(to_quarter(to_minutes(self.before(starts))))
        return starts_at, starts_at + timedelta(hours=8.5)

    def invite(self, times: tuple[datetime, datetime], *, ago: float) -> SharingRequest:
        starts_at, ends_at = times
        text = MESSAGES[self.number % len(MESSAGES)][self.host.speaks_chinese]
        asked = Asked(
            break_minutes=60 if ends_at - starts_at > timedelta(hours=10) else 30,
            specialty=Code.objects.get(system__slug="cn-clinical-specialty", code="28"),
            competencies=tuple(Competency.objects.filter(code="ventilation")),
            site=self.host.sites[0],
        )
        invitation = Invitation(
            starts_at=starts_at,
            ends_at=ends_at,
            asked=asked,
            ward=WARDS[self.number],
            purpose=text,
            accepted={},
        )
        return invite(
            resource=self.person.resource,
            host=self.host.institution,
            invitation=invitation,
            by=self.head,
            now=self.before(ago),
        )

    def says_yes(self, request: SharingRequest, part: str, *, ago: float) -> None:
        by = {PERSON: None, HOME: self.manager, HOST: self.host_manager}[part]
        signed = self.person.resource.code if part == PERSON else ""
        sign_offs.give(
            sharing_request=request, part=part, by=by, now=self.before(ago), signed_name=signed
        )

    def book(self, times: tuple[datetime, datetime], *, ago: float) -> SharingRequest:
        request = self.invite(times, ago=ago)
        for part, hours in ((PERSON, 2), (HOST, 3), (HOME, 4)):
            self.says_yes(request, part, ago=ago - hours)
        request.refresh_from_db()
        return request

    def work(self, times: tuple[datetime, datetime], *, ago: float) -> SharingRequest:
        request = self.book(times, ago=ago)
        moment = times[0] - timedelta(minutes=10)
        return attendance.check_in(sharing_request=request, by=self.head, now=moment)

    def sign(self, request: SharingRequest) -> SharingRequest:
        return attendance.sign_timesheet(
            sharing_request=request,
            worked_from=request.starts_at,
            worked_until=request.ends_at + timedelta(minutes=15),
            break_minutes=request.staff_engagement.break_minutes,
            by=self.head,
            now=request.ends_at + timedelta(minutes=30),
        )

    def confirm(self, request: SharingRequest) -> None:
        attendance.confirm_hours(
            sharing_request=request,
            by=self.manager,
            now=request.ends_at + timedelta(hours=5),
        )

    def history(self) -> None:
        for days in EARLIER:
            times = self.night(-days - self.number)
            self.confirm(self.sign(self.work(times, ago=24 * (days + 4))))

    def invited(self) -> None:
        self.invite(self.night(1), ago=2)

    def agreed(self) -> None:
        self.says_yes(self.invite(self.night(2), ago=5), PERSON, ago=1)

    def waits_for_home(self) -> None:
        request = self.invite(self.night(1), ago=8)
        self.says_yes(request, PERSON, ago=4)
        self.says_yes(request, HOST, ago=2)

    def refused(self) -> None:
        request = self.invite(self.night(1), ago=20)
        sign_offs.refuse(
            sharing_request=request,
            part=PERSON,
            by=None,
            now=self.before(18),
            text="家里有事 At home that night",
            signed_name=self.person.resource.code,
        )

    def withdrawn(self) -> None:
        request = self.invite(self.night(2), ago=10)
        withdraw(sharing_request=request, by=self.head, now=self.before(9))

    def booked(self) -> None:
        self.book(self.night(1), ago=30)

    def cancelled(self) -> None:
        cancel(
            sharing_request=self.book(self.night(2), ago=30),
            side=Side.BORROWER,
            by=self.head,
            now=self.before(6),
            reason_code="no_longer_needed",
        )

    def on_hold(self) -> None:
        """The register suspends the licence; the nightly check finds it."""
        self.book(self.night(1), ago=30)
        StaffMember.unscoped.filter(pk=self.person.resource.pk).update(
            licence_status=LicenceStatus.SUSPENDED
        )

    def at_work(self) -> None:
        self.work(self.around(2), ago=40)

    def timesheet_due(self) -> None:
        self.work(self.around(9.5), ago=40)

    def timesheet_signed(self) -> None:
        self.sign(self.work(self.around(15), ago=50))

    def confirmed(self) -> None:
        self.confirm(self.sign(self.work(self.around(15), ago=50)))
