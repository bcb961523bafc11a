"""People in a matching round."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from medshare_portal import policy
from medshare_portal.findings import Findings, collect
from resources.intervals import Interval, merge, subtract
from resources.models import CommittedShift, Competency, Resource
from resources.search import normal
from scheduling.kinds.staff.facts import Asked, Papers
from scheduling.kinds.staff.queries.papers import PapersOf
from scheduling.kinds.staff.rules import papers as paper_rules
from scheduling.matching import problem as matcher
from scheduling.models import Need, Proposal, SharingRequest
from scheduling.queries.busy import BOOKED, Busy
from scheduling.queries.home_zone import main_site
from scheduling.queries.rounds import timed
from scheduling.queries.rounds.draft import Draft, reference
from scheduling.queries.rounds.meanings import Classes, paths_meant
from scheduling.queries.rounds.of_kind import RoundKind
from scheduling.queries.rounds.wanted import Wanted, of_request
from scheduling.queries.rule_facts import Wish, contexts_of
from scheduling.rules import findings_for_request

REASON = "the matcher keeps rest to all shifts of a person; only who is free comes out"
A_DAY_AND_NIGHT = 24 * 60
LONG_SHIFT, SHORT_SHIFT = timedelta(hours=8), timedelta(hours=4)


class StaffInRounds(RoundKind):
    matcher = matcher.Kind.STAFF

    def draw(self, draft: Draft, needs: list[Need]) -> None:
        people = timed.offered(draft, "staff", ("staff_member",))
        needs = timed.without_time(draft, [need for need in needs if not _is_over(need, draft)])
        paths, unclear = paths_meant(needs, people)
        draft.left_out |= unclear
        asked = [need for need in needs if need.pk in paths]
        classes = Classes(paths.values())
        people = [row for row in people if classes.of(row.category.path)]
        skills = {row.pk: row for row in Competency.objects.all()}
        for need in asked:
            _ask(draft, need, paths[need.pk], skills.values())
        _People(draft, people, asked, skills).draw()

    def judge(self, proposals: list[Proposal], now: datetime) -> list[Findings]:
        wishes = [
            Wish(
                resource=row.resource,
                borrower=row.borrower,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                priority=row.need.priority,
                asked=Asked(
                    break_minutes=break_of(row), site=row.need.site or main_site(row.borrower)
                ),
            )
            for row in proposals
        ]
        return [findings_for_request(context) for context in contexts_of(wishes, now=now)]

    def typed(self, proposal: Proposal, *, site, now: datetime) -> dict[str, list[str]]:
        values = {
            "starts_at": proposal.starts_at.isoformat(),
            "ends_at": proposal.ends_at.isoformat(),
            "break_minutes": break_of(proposal),
            "site": site.pk,
            "priority": proposal.need.priority,
            "purpose": proposal.need.justification or proposal.need.note,
        }
        skills = skills_named(proposal.need.skills, Competency.objects.all())
        return {name: [str(value)] for name, value in values.items()} | {
            "competencies": [skill.code for skill in skills]
        }

    def again(
        self, sharing_request: SharingRequest, time: Interval | None, now: datetime
    ) -> Wanted:
        """People of the specialty and with the competencies that were asked for."""
        asked = sharing_request.staff_engagement
        special = Q(staff_member__specialties=asked.specialty_id) if asked.specialty_id else Q()
        skills = " ".join(asked.competencies.order_by("code").values_list("code", flat=True))
        return of_request(sharing_request, time, now=now, meant=special, skills=skills)

    def reasons(self, given: dict[str, str]) -> dict[str, list[str]]:
        return {f"reason_{code}": [text] for code, text in given.items()}


def break_of(proposal: Proposal) -> int:
    """Minutes of break that a shift of this length usually has; the borrower may say otherwise."""
    length = proposal.ends_at - proposal.starts_at
    return 60 if length >= LONG_SHIFT else 30 if length > SHORT_SHIFT else 0


def skills_named(text: str, skills: Iterable[Competency]) -> list[Competency]:
    """The competencies whose code or name stands in the words of a need; other words are for the
    people who answer the proposal."""
    said = normal(text)
    return [
        skill
        for skill in skills
        if any(normal(name) in said for name in (skill.code, skill.name_en, skill.name_zh) if name)
    ]


def _is_over(need: Need, draft: Draft) -> bool:
    """A shift that has begun is not filled by a round."""
    if need.starts_at is None or need.starts_at >= draft.starts_at:
        return False
    draft.left_out[need.pk] = "begun"
    return True


def _ask(draft: Draft, need: Need, path: str, skills: Iterable[Competency]) -> None:
    """The shift stays as it is: no slots, no shifting."""
    named = {f"competency:{skill.code}" for skill in skills_named(need.skills, skills)}
    for ref in draft.parts(need):
        draft.lists["staff_needs"].append(
            matcher.StaffNeed(
                id=ref,
                skills=frozenset({path} | named),
                starts_at=draft.minute(need.starts_at),
                ends_at=draft.minute(need.ends_at),
                group=f"N-{need.pk}" if need.quantity > 1 else "",
                **draft.about(need),
            )
        )


@dataclass(frozen=True)
class _OnPaper:
    """As much of a shift's facts as the rules on papers look at."""

    asked: Asked
    papers: Papers
    host_specialties: frozenset[str]
    first_day: date
    last_day: date


@dataclass(frozen=True)
class _Context:
    own: _OnPaper


class _People:
    """Persons of the asked professions: when they are offered, what they work, where they may."""

    def __init__(self, draft: Draft, people: list[Resource], needs: list[Need], skills):
        self.draft, self.people, self.skills = draft, people, skills
        self.hosts = sorted({need.institution_id for need in needs})
        self.days = _days(draft, needs)
        self.offers = timed.offers_of(people)
        self.around = timed.around(draft, people)
        self.groups = draft.address(people)
        homes = {row.institution_id for row in people}
        self.papers = PapersOf({row.pk for row in people}, set(self.hosts), homes)
        self.shifts = self._shifts()

    def _shifts(self) -> dict[int, list[Interval]]:
        first, last = self.draft.starts_at - timed.MARGIN, self.draft.ends_at + timed.MARGIN
        rows = CommittedShift.objects.everywhere(reason=REASON).overlapping(first, last)
        found: dict[int, list[Interval]] = defaultdict(list)
        keys = [row.pk for row in self.people]
        for person, *span in rows.filter(resource__in=keys).values_list(
            "resource", "starts_at", "ends_at"
        ):
            found[person].append(tuple(span))
        return found

    def draw(self) -> None:
        for row in self.people:
            offer = self.offers.get(row.pk)
            if offer is not None:
                self._draw(row, offer)

    def _draw(self, row: Resource, offer) -> None:
        busy = timed.busy_in(self.draft, self.around, row.pk)
        times = merge(
            (each.starts_at, each.ends_at) for each in self.around.offered.get(row.pk, ())
        )
        kept = [(entry.starts_at, entry.ends_at) for entry in busy if entry.kind != BOOKED]
        free = timed.from_notice_on(self.draft, offer, subtract(times, kept))
        available = timed.spans(self.draft, free)
        if not available:
            return
        self.draft.lists["people"].append(
            matcher.Person(
                id=reference("R", row.pk),
                institution=row.institution.slug,
                skills=frozenset(Classes.within(row.category.path) | self._skills(row)),
                available=available,
                approved_at=self._approved_at(row),
                own_shifts=self._works(row, busy),
                weekly_cap_minutes=_weekly_cap(),
                longest_travel_minutes=A_DAY_AND_NIGHT,
            )
        )

    def _works(self, row: Resource, busy: list[Busy]) -> tuple[matcher.Interval, ...]:
        """At home and at hosts; may begin before the round, so that rest is kept to it."""
        booked = [(each.use_starts_at, each.use_ends_at) for each in busy if each.kind == BOOKED]
        return tuple(
            matcher.Interval(self.draft.minute(first), self.draft.late_minute(last))
            for first, last in merge([*self.shifts[row.pk], *booked])
        )

    def _skills(self, row: Resource) -> set[str]:
        papers = self._papers(row, self.hosts[0])
        return {
            f"competency:{self.skills[pk].code}"
            for pk, until in papers.competencies.items()
            if until is None or until >= self.days[1]
        }

    def _approved_at(self, row: Resource) -> frozenset[str]:
        """Hosts that see the offer and at which no rule on papers stands against the person."""
        groups = self.groups[row.pk]
        return frozenset(
            self.draft.institutions[host].slug
            for host in self.hosts
            if (not groups or groups & self.draft.groups[host]) and self._papers_stand(row, host)
        )

    def _papers_stand(self, row: Resource, host: int) -> bool:
        specialties = self.papers.host_specialties[host]
        shift = _OnPaper(Asked(), self._papers(row, host), specialties, *self.days)
        return not collect(paper_rules.RULES, _Context(shift)).blocks

    def _papers(self, row: Resource, host: int) -> Papers:
        return self.papers.of(row.pk, row.institution_id, host, self.days)


def _days(draft: Draft, needs: list[Need]) -> tuple[date, date]:
    """From the first to the last day on which somebody would work; papers must last so long."""
    moments = [moment for need in needs for moment in (need.starts_at, need.ends_at)]
    days = [moment.astimezone(draft.zone).date() for moment in moments]
    return min(days, default=date.max), max(days, default=date.max)


def _weekly_cap() -> int:
    """Minutes a week; a jurisdiction without a rule on it knows no cap."""
    hours = policy.current().staff.weekly_average_hours
    return round(hours * 60) if hours else 7 * A_DAY_AND_NIGHT
