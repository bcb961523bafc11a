"""What waits for an answer past its time goes up, rung by rung: those who must answer are
reminded, then it is passed to their deputies, the head of the institution, the city.

One table for all that has a ``due_at``.  Every rung is climbed once, by compare-and-set under the
lock of the resource, written into the history, and told once per person, because the notice's key
names it; of the dates of a series that are late together once for all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction

from medshare_portal import policy
from medshare_portal.notices import keys_of_city_officials, keys_of_people_in, keys_of_people_with
from medshare_portal.roles import Permission, Role
from medshare_portal.site_hours import Calendars
from scheduling import notices
from scheduling.actions._lock import REASON, lock_request
from scheduling.actions._move import noted
from scheduling.deadlines import Step, after, allowed, borrowers_site, check_time
from scheduling.kinds import SignOffPart, kinds
from scheduling.models import SharingRequest, SignOff, TimeChange
from scheduling.states import (
    ChangeKind,
    ChangeStatus,
    Priority,
    Rung,
    Side,
    SignOffDecision,
    State,
)
from scheduling.workflow import RUNNING

RELATED = ("resource__site", "owner", "borrower", "created_by", "delivery_site")
RUNGS = [rung for rung in Rung if rung.step]


@dataclass(frozen=True, kw_only=True)
class Late:
    """An answer that is late.  ``row`` has the column ``escalation`` and still ``waits`` while it
    is as described; ``side`` must answer, by whom holds ``permission`` or is ``person``."""

    row: models.Model
    waits: dict
    request: SharingRequest
    side: Side
    permission: Permission | None
    person: int | None = None
    time: timedelta
    priority: str
    mark: str = ""  # tells several answers of one request apart

    @property
    def institution(self):
        return self.request.owner if self.side == Side.OWNER else self.request.borrower

    def rung(self, now: datetime, calendars: Calendars) -> Rung:
        """How far up it should be by now."""
        return max(
            (rung for rung in RUNGS if self._begins(rung, calendars) <= now), default=Rung.NONE
        )

    def _begins(self, rung: Rung, calendars: Calendars) -> datetime:
        beyond = self.time * (percent_of(rung) - 100) / 100
        owner = self.side == Side.OWNER
        site = self.request.resource.site if owner else borrowers_site(self.request)
        return after(
            self.row.due_at, beyond, site=site, priority=self.priority, calendars=calendars
        )

    def people(self, rung: Rung) -> list[int]:
        """Who is told on this rung; where there is no head, who else could help."""
        if rung == Rung.CITY:
            return keys_of_city_officials()
        if rung == Rung.HEAD:
            heads = keys_of_people_in([Role.HEAD], self.institution)
            return heads or keys_of_people_in(notices.WIDE, self.institution)
        first = [self.person] if self.person else self._able()
        wide = keys_of_people_in(notices.WIDE, self.institution) if rung == Rung.DEPUTY else []
        return [*first, *wide]

    def _able(self) -> list[int]:
        if self.permission is None:
            return []
        return keys_of_people_with(self.permission, self.institution, self.request.kind)


def percent_of(rung: Rung) -> int:
    """When it is climbed, in percent of the time for the answer."""
    clocks = policy.current().clocks
    return {
        Rung.REMINDED: clocks.remind_percent,
        Rung.DEPUTY: clocks.deputy_percent,
        Rung.HEAD: clocks.head_percent,
        Rung.CITY: clocks.city_percent,
    }[rung]


@dataclass(frozen=True)
class Clock:
    """What may be late, and the notice that says so."""

    notice: str
    late: Callable[[datetime], Iterable[Late]]


def _answers(now: datetime) -> Iterable[Late]:
    for row in _late_requests(State.REQUESTED, now):
        yield Late(
            row=row,
            waits={"state": State.REQUESTED},
            request=row,
            side=Side.OWNER,
            permission=Permission.DECIDE,
            time=allowed(Step.ANSWER, row.priority),
            priority=row.priority,
        )


def _checks(now: datetime) -> Iterable[Late]:
    for row in _late_requests(State.FINISHED, now):
        yield Late(
            row=row,
            waits={"state": State.FINISHED},
            request=row,
            side=Side.OWNER,
            permission=Permission.POST_CHECK,
            time=check_time(row),
            priority=Priority.ROUTINE,
        )


def _late_requests(state: State, now: datetime):
    rows = SharingRequest.objects.everywhere(reason=REASON)
    late = rows.filter(state=state, due_at__lte=now, escalation__lt=Rung.CITY)
    return late.select_related(*RELATED).order_by("pk")


def _extensions(now: datetime) -> Iterable[Late]:
    waits = {"status": ChangeStatus.PENDING}
    rows = TimeChange.objects.everywhere(reason=REASON).filter(
        kind=ChangeKind.EXTENSION, sharing_request__state__in=RUNNING, **waits
    )
    for row in _related(rows, now):
        request = row.sharing_request
        yield Late(
            row=row,
            waits=waits,
            request=request,
            side=Side.OWNER,
            permission=Permission.DECIDE,
            time=allowed(Step.EXTENSION, request.priority),
            priority=request.priority,
            mark=f"change {row.pk} ",
        )


def _consents(now: datetime) -> Iterable[Late]:
    waits = {"decision": SignOffDecision.WAITING}
    rows = SignOff.objects.everywhere(reason=REASON).filter(
        sharing_request__state__in=State.OPEN, **waits
    )
    for row in _related(rows, now):
        request = row.sharing_request
        parts = {part.code: part for part in kinds[request.kind].sign_offs}
        if row.part in parts and not _is_the_answer(parts[row.part], request):
            yield Late(
                row=row,
                waits=waits,
                request=request,
                side=Side(row.side),
                permission=parts[row.part].permission,
                person=row.person_id,
                time=allowed(Step.CONSENT, request.priority),
                priority=request.priority,
                mark=f"consent {row.part} ",
            )


def _is_the_answer(part: SignOffPart, request: SharingRequest) -> bool:
    """The owner's yes of an undecided request has the request's own clock."""
    decides = part.side == Side.OWNER and part.permission == Permission.DECIDE
    return decides and request.state == State.REQUESTED


def _related(rows, now: datetime):
    late = rows.filter(due_at__lte=now, escalation__lt=Rung.CITY)
    return late.select_related(*(f"sharing_request__{name}" for name in RELATED)).order_by("pk")


CLOCKS = (
    Clock("answer-late", _answers),
    Clock("check-late", _checks),
    Clock("extension-late", _extensions),
    Clock("consent-late", _consents),
)


def escalate(*, now: datetime) -> int:
    """Bring everything that is late to the rung where it should be; how much went up."""
    calendars = Calendars(now)
    found = [(clock.notice, late) for clock in CLOCKS for late in clock.late(now)]
    return sum(_climb(late, notice, calendars, now) for notice, late in found)


def _climb(late: Late, notice: str, calendars: Calendars, now: datetime) -> bool:
    """Under the lock: what is answered, or goes up, at the same moment is left alone."""
    reached = late.rung(now, calendars)
    if reached <= late.row.escalation:
        return False
    with transaction.atomic():
        fresh = lock_request(late.request)
        rows = type(late.row).objects.everywhere(reason=REASON)
        same = rows.filter(
            pk=late.row.pk, due_at=late.row.due_at, escalation=late.row.escalation, **late.waits
        )
        if not same.update(escalation=reached):
            return False
        climbed = [Rung(rung) for rung in range(late.row.escalation + 1, reached + 1)]
        for rung in climbed:
            noted(fresh, rung.step, side=Side.SYSTEM, now=now)
        _tell_once(fresh, late, notice, climbed, now)
    return True


def _tell_once(fresh: SharingRequest, late: Late, notice: str, climbed: list, now) -> None:
    """Of several rungs at one moment a person hears of the highest."""
    told: set[int] = set()
    for rung in reversed(climbed):
        people = set(late.people(rung))
        _tell(fresh, late, notice, rung, sorted(people - told), now)
        told |= people


def _tell(fresh: SharingRequest, late: Late, notice: str, rung: Rung, people: list, now) -> None:
    """Beyond the first reminder it says how far up it has gone: who reads it twice knows why."""
    city = rung == Rung.CITY
    passed_on = rung > Rung.REMINDED and not city
    notices.send_to(
        "answer-at-city" if city else notice,
        fresh,
        people=people,
        institution=None if city else late.institution,
        now=now,
        facts=notices.marked(fresh, lambda: str(rung.label)) if passed_on else None,
        **notices.of_series(fresh, f"{late.mark}{late.row.due_at:%Y%m%dT%H%M} {rung.name.lower()}"),
    )
