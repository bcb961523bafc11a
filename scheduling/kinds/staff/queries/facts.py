"""Loads what the rules of staff need, for one shift or for two hundred people: ten queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField

from medshare_portal import policy
from medshare_portal.db.prepared import AnyOf, Bind, Keys, Prepared
from resources.distance import between_sites
from resources.enums_staff import Employer
from resources.intervals import Interval
from resources.kinds.staff.working_time import Duty, assess, limits_of, needed, reference_period
from resources.models import CommittedShift
from scheduling.kinds.staff.facts import Asked, ShiftFacts
from scheduling.kinds.staff.queries.papers import PapersOf
from scheduling.models import SharingRequest, StaffEngagement
from scheduling.states import State

REASON = "rules look at all shifts of a person; findings and times come out"
SHIFTS = Prepared(
    lambda: (
        CommittedShift.objects.everywhere(reason=REASON)
        .filter(AnyOf("resource", Keys("people")))
        .overlapping(Bind("starts_at", DateTimeField()), Bind("ends_at", DateTimeField()))
        .values_list("resource_id", "starts_at", "ends_at", "break_minutes", "employer")
    )
)


def travel_minutes(kilometres: float) -> int:
    """One way, by the policy pack's plain estimate."""
    limits = policy.current().staff
    return round(limits.travel_minutes_least + 60 * kilometres / limits.travel_km_an_hour)


def facts_of(wishes: list, now: datetime) -> list[ShiftFacts]:
    """``WorkflowKind.rule_facts``: in the order of the wishes."""
    return _Loaded(wishes).facts()


class _Loaded:
    """The rows of all people and hosts of one batch."""

    def __init__(self, wishes: list):
        self.wishes, self.limits = wishes, limits_of(policy.current().staff)
        self.people = {wish.resource.pk for wish in wishes}
        self.hosts = {wish.borrower.pk for wish in wishes}
        self.engagements = self._engagements()
        self.asked = [self._asked(wish) for wish in wishes]
        self.sites = [
            asked.site or _main_site(wish) for asked, wish in zip(self.asked, wishes, strict=True)
        ]
        self.duties = [
            self._duty(*each) for each in zip(wishes, self.asked, self.sites, strict=True)
        ]
        homes = {wish.resource.institution_id for wish in wishes}
        self.papers = PapersOf(self.people, self.hosts, homes)
        spans = [needed(duty, self.limits, zone) for duty, zone in self.duties]
        first = min((span[0] for span in spans), default=None)
        last = max((span[1] for span in spans), default=None)
        self.shifts = _shifts(self.people, first, last)
        self.booked = _booked(self.people, first, last)

    def _engagements(self) -> dict[int, StaffEngagement]:
        keys = [w.sharing_request.pk for w in self.wishes if w.sharing_request and not w.asked]
        rows = StaffEngagement.objects.everywhere(reason=REASON).filter(sharing_request__in=keys)
        rows = rows.select_related("specialty", "sharing_request__delivery_site")
        return {row.sharing_request_id: row for row in rows.prefetch_related("competencies")}

    def _asked(self, wish) -> Asked:
        if wish.asked is not None:
            return wish.asked
        request = wish.sharing_request
        row = self.engagements.get(request.pk) if request else None
        if row is None:
            return Asked(site=request.delivery_site if request else None)
        return Asked(
            break_minutes=row.break_minutes,
            specialty=row.specialty,
            competencies=tuple(row.competencies.all()),
            site=row.sharing_request.delivery_site,
        )

    def _duty(self, wish, asked: Asked, site) -> tuple[Duty, ZoneInfo]:
        way = travel_minutes(between_sites(wish.resource.site, site))
        duty = Duty(
            starts_at=wish.starts_at,
            ends_at=max(wish.ends_at, wish.starts_at + timedelta(minutes=1)),
            break_minutes=asked.break_minutes,
            travel_minutes=way,
            at_home=False,
        )
        return duty, ZoneInfo(site.time_zone)

    def facts(self) -> list[ShiftFacts]:
        return [
            self._of(wish, asked, site, duty, zone)
            for wish, asked, site, (duty, zone) in zip(
                self.wishes, self.asked, self.sites, self.duties, strict=True
            )
        ]

    def _of(self, wish, asked, site, duty: Duty, zone: ZoneInfo) -> ShiftFacts:
        own = wish.sharing_request.pk if wish.sharing_request else None
        booked = [
            row
            for row in self.booked[wish.resource.pk]
            if row.pk != own and row.pk not in wish.without
        ]
        kept = self.shifts[wish.resource.pk]
        with_it = [
            duty._replace(starts_at=starts_at, ends_at=ends_at)
            for starts_at, ends_at in (*asked.beside, *wish.beside)
            if starts_at < duty.starts_at
        ]
        others = [*kept, *(_duty_of(row, wish) for row in booked), *with_it]
        period = reference_period(duty, self.limits, zone)
        hosts = {row.borrower_id for row in booked if _lies_in(row, period)} | {wish.borrower.pk}
        days = tuple(each.astimezone(zone).date() for each in (duty.starts_at, duty.ends_at))
        return ShiftFacts(
            asked=asked,
            papers=self.papers.of(
                wish.resource.pk, wish.resource.institution_id, wish.borrower.pk, days
            ),
            duty=duty,
            assessment=assess(duty, others, self.limits, zone),
            others=tuple(others),
            zone=zone,
            host_specialties=self.papers.host_specialties[wish.borrower.pk],
            hosts=len(hosts),
            roster_known=any(each.at_home and _lies_in(each, period) for each in kept),
            distance_km=between_sites(wish.resource.site, site),
        )


def _lies_in(shift, period: Interval) -> bool:
    return shift.starts_at < period[1] and shift.ends_at > period[0]


def _main_site(wish):
    """Where a shift is that names no site: the host's main one."""
    sites = wish.borrower.sites.filter(active=True).order_by("-is_main", "pk")
    return sites.first() or wish.resource.site


def _shifts(people: Iterable[int], first, last) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = defaultdict(list)
    if first is None:
        return found
    rows = SHIFTS.rows(people=people, starts_at=first, ends_at=last)
    for person, starts_at, ends_at, pause, employer in rows:
        at_home = employer == Employer.HOME
        found[person].append(
            Duty(starts_at=starts_at, ends_at=ends_at, break_minutes=pause, at_home=at_home)
        )
    return found


def _booked(people: Iterable[int], first, last) -> dict[int, list[SharingRequest]]:
    """Shifts at hosts, also those that are over: their hours count."""
    found: dict[int, list[SharingRequest]] = defaultdict(list)
    if first is None:
        return found
    rows = SharingRequest.objects.everywhere(reason=REASON).filter(
        resource__in=people, state__in=State.BOOKED, starts_at__lt=last, ends_at__gt=first
    )
    for row in rows.select_related("staff_engagement", "delivery_site").order_by("pk"):
        found[row.resource_id].append(row)
    return found


def _duty_of(row: SharingRequest, wish) -> Duty:
    """A booked shift: as the timesheet says it, else as it was asked."""
    sheet = getattr(row, "staff_engagement", None)
    signed = sheet is not None and sheet.signed_at is not None
    site = row.delivery_site or wish.resource.site
    return Duty(
        starts_at=sheet.worked_from if signed else row.starts_at,
        ends_at=sheet.worked_until if signed else row.ends_at,
        break_minutes=(sheet.worked_break_minutes if signed else sheet.break_minutes)
        if sheet
        else 0,
        travel_minutes=travel_minutes(between_sites(wish.resource.site, site)),
        at_home=False,
    )
