"""Loads what the rules of staff need, for one shift or for two hundred people: ten queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medshare_portal import policy
from medshare_portal.models import ConsortiumMembership, Institution
from resources.distance import between_sites
from resources.enums_staff import CredentialKind, Employer
from resources.kinds.staff.working_time import Duty, assess, limits_of, needed
from resources.models import CommittedShift, Credential, Indemnity, PracticeBasis, StaffMember
from scheduling.kinds.staff.facts import Asked, Papers, ShiftFacts, Span
from scheduling.models import SharingRequest, StaffEngagement
from scheduling.states import State

REASON = "rules look at all papers and shifts of a person; findings and times come out"


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
        self.papers = _PapersOf(self.people, self.hosts, self._home_institutions())
        spans = [needed(duty, self.limits, zone) for duty, zone in self.duties]
        first = min((span[0] for span in spans), default=None)
        last = max((span[1] for span in spans), default=None)
        self.shifts = _shifts(self.people, first, last)
        self.booked = _booked(self.people, first, last)

    def _home_institutions(self) -> set[int]:
        return {wish.resource.institution_id for wish in self.wishes}

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
        booked = [row for row in self.booked[wish.resource.pk] if row.pk != own]
        others = [*self.shifts[wish.resource.pk], *(_duty_of(row, wish) for row in booked)]
        hosts = {row.borrower_id for row in booked} | {wish.borrower.pk}
        return ShiftFacts(
            asked=asked,
            papers=self.papers.of(wish, duty, zone),
            duty=duty,
            assessment=assess(duty, others, self.limits, zone),
            others=tuple(others),
            zone=zone,
            host_specialties=self.papers.host_specialties[wish.borrower.pk],
            hosts=len(hosts),
            distance_km=between_sites(wish.resource.site, site),
        )


def _main_site(wish):
    """Where a shift is that names no site: the host's main one."""
    sites = wish.borrower.sites.filter(active=True).order_by("-is_main", "pk")
    return sites.first() or wish.resource.site


def _shifts(people: Iterable[int], first, last) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = defaultdict(list)
    if first is None:
        return found
    rows = CommittedShift.objects.everywhere(reason=REASON).overlapping(first, last)
    columns = ("resource_id", "starts_at", "ends_at", "break_minutes", "employer")
    for person, starts_at, ends_at, pause, employer in rows.filter(resource__in=people).values_list(
        *columns
    ):
        found[person].append(
            Duty(
                starts_at=starts_at,
                ends_at=ends_at,
                break_minutes=pause,
                at_home=employer == Employer.HOME,
            )
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


class _PapersOf:
    """Papers of people, and what hosts and consortia have to do with them."""

    def __init__(self, people: set[int], hosts: set[int], homes: set[int]):
        def rows(model, **conditions):
            found = model.objects.everywhere(reason=REASON).filter(resource__in=people)
            return _grouped(found.filter(**conditions).order_by("pk"))

        members = StaffMember.objects.everywhere(reason=REASON).filter(resource__in=people)
        self.members = {m.pk: m for m in members.prefetch_related("specialties")}
        self.credentials, self.bases = rows(Credential), rows(PracticeBasis, host__in=hosts)
        self.indemnities = rows(Indemnity)
        self.memberships = defaultdict(list)
        for row in ConsortiumMembership.objects.filter(institution__in=hosts | homes):
            self.memberships[row.institution_id].append(row)
        self.host_specialties = defaultdict(frozenset)
        named = Institution.objects.directory().filter(pk__in=hosts)
        for host in named.prefetch_related("approved_specialties"):
            codes = (code.code for code in host.approved_specialties.all())
            self.host_specialties[host.pk] = frozenset(codes)

    def of(self, wish, duty: Duty, zone: ZoneInfo) -> Papers:
        person, host = wish.resource.pk, wish.borrower.pk
        member = self.members[person]
        days = [m.astimezone(zone).date() for m in (duty.starts_at, duty.ends_at)]
        held = self.credentials[person]
        return Papers(
            licence_kind=member.licence_kind,
            licence_status=member.licence_status,
            licence_until=member.licence_valid_until,
            licence_verified=member.licence_verified_on is not None,
            specialties=frozenset(code.code for code in member.specialties.all()),
            bases=tuple(
                (row.basis, Span(row.valid_from, row.valid_until))
                for row in self.bases[person]
                if row.host_id == host
            ),
            indemnities=tuple(
                Span(row.valid_from, row.valid_until)
                for row in self.indemnities[person]
                if row.host_id in (None, host)
            ),
            competencies=_latest(held),
            health_until=tuple(
                row.valid_until for row in held if row.kind == CredentialKind.HEALTH_CLEARANCE
            ),
            common_consortium=self._in_one_consortium(wish.resource.institution_id, host, days),
        )

    def _in_one_consortium(self, home: int, host: int, days) -> bool:
        return all(bool(self._consortia(home, day) & self._consortia(host, day)) for day in days)

    def _consortia(self, institution: int, day) -> set[int]:
        return {
            row.consortium_id
            for row in self.memberships[institution]
            if row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)
        }


def _grouped(rows) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row.resource_id].append(row)
    return found


def _latest(credentials) -> dict:
    """Competency → the day until which it is held, None where it does not end."""
    found: dict = {}
    for row in credentials:
        if row.competency_id is None:
            continue
        known = found.get(row.competency_id, row.valid_until)
        ends = None if None in (known, row.valid_until) else max(known, row.valid_until)
        found[row.competency_id] = ends
    return found
