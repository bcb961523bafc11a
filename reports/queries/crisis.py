"""What was done under a crisis: for its running page and for the list after the action."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db.models import Q, QuerySet

from medshare_portal.models import Crisis, Institution
from medshare_portal.relaxations import Relaxation, relaxations, words_of
from resources.models import Category
from scheduling.kinds import kinds
from scheduling.models import CityApproval, SharingRequest, TransitionLog
from scheduling.queries.related import related_of_any
from scheduling.relaxations.city_approval import STEP
from scheduling.states import Priority, State

MOST = 2000  # rows of a list; the file has all
DECIDERS = {STEP: "city", "auto_approve": "offer", "approve": "owner", "decline": "owner"}


@dataclass(kw_only=True)
class Deed:
    """A request under the crisis with what happened to it while the crisis ran."""

    request: SharingRequest
    steps: list[TransitionLog] = field(default_factory=list)
    approval: CityApproval | None = None

    @property
    def relaxed(self) -> list[str]:
        codes = [code for step in self.steps for code in step.data.get("relaxed", ())]
        return list(dict.fromkeys(codes))

    @property
    def relaxed_words(self) -> str:
        return words_of(self.relaxed)

    @property
    def decided_by(self) -> str:
        """``owner``, ``city``, ``offer`` (by its own rule), or empty."""
        decisive = [DECIDERS[s.transition] for s in self.steps if s.transition in DECIDERS]
        if decisive:
            return decisive[-1]
        return "owner" if self.request.decided_at else ""

    @property
    def minutes(self) -> int | None:
        """From sending to the answer."""
        return minutes_to_answer(self.request.submitted_at, self.request.decided_at)

    @property
    def still_out(self) -> bool:
        """Handed over, at work or opened, and not ended: what is only booked is not out yet."""
        return self.request.state == State.UNDERWAY

    @property
    def unsettled(self) -> bool:
        """Something of it is still to do: an answer, a return, a check."""
        return self.request.state in State.OPEN


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done under a crisis; ``more``: the list ends before its end."""

    deeds: list[Deed]
    more: bool

    @property
    def by_city(self) -> list[Deed]:
        return [deed for deed in self.deeds if deed.approval]

    @property
    def out(self) -> list[Deed]:
        return [deed for deed in self.deeds if deed.still_out]

    @property
    def left(self) -> list[Deed]:
        """What is still to settle, what is due first before what has no time."""
        found = [deed for deed in self.deeds if deed.unsettled]
        return sorted(
            found, key=lambda deed: deed.request.ends_at or datetime.max.replace(tzinfo=UTC)
        )


@dataclass(frozen=True, kw_only=True)
class Report(Done):
    """Everything on one page; ``before`` is the median answer in a time as long, just before."""

    used: list[tuple[Relaxation, int]]
    answered: dict[str, int]
    during: int | None
    before: int | None


def minutes_to_answer(sent: datetime | None, decided: datetime | None) -> int | None:
    if sent is None or decided is None:
        return None
    return int((decided - sent).total_seconds() // 60)


def report(crisis: Crisis, *, now: datetime, most: int | None = MOST) -> Report:
    """Six queries, whatever was done."""
    found = deeds(crisis, most=most)
    used = Counter(code for deed in found for code in deed.relaxed)
    return Report(
        deeds=found,
        more=most is not None and len(found) == most,
        used=[(each, used[each.code]) for each in _relaxed_by(crisis)],
        answered=Counter(deed.decided_by for deed in found),
        during=_middle(deed.minutes for deed in found),
        before=_before(crisis, now),
    )


def deeds(crisis: Crisis, *, institution=None, most: int | None = MOST) -> list[Deed]:
    """Requests under it, the latest first; of one ``institution``, or all that the city sees."""
    rows = _seen(SharingRequest.objects, institution).filter(crisis=crisis)
    rows = rows.select_related(*_shown()).order_by("-submitted_at", "-pk")
    found = {row.pk: Deed(request=row) for row in (rows[:most] if most else rows)}
    steps = _seen(TransitionLog.objects, institution).filter(sharing_request__crisis=crisis)
    for step in steps.order_by("at", "pk"):
        if step.sharing_request_id in found and step.data.get("crisis") == crisis.pk:
            found[step.sharing_request_id].steps.append(step)
    approvals = _seen(CityApproval.objects, institution).filter(crisis=crisis)
    for approval in approvals.select_related("by"):
        if approval.sharing_request_id in found:
            found[approval.sharing_request_id].approval = approval
    return list(found.values())


def _seen(rows, institution):
    """What the city reads, or what concerns one institution."""
    return rows.in_city_view() if institution is None else rows.concerning(institution)


def _shown() -> tuple[str, ...]:
    return ("owner", "borrower", "delivery_site", "resource__site", "resource__institution")


def _relaxed_by(crisis: Crisis) -> list[Relaxation]:
    declared = set(crisis.relaxations.values_list("code", flat=True))
    return [each for each in relaxations if each.code in declared]


def within(crisis: Crisis) -> QuerySet[SharingRequest]:
    """Requests between institutions, over kinds and categories that the crisis reaches."""
    reached = crisis.reach.values("institution")
    named = crisis.categories.all()
    return SharingRequest.objects.in_city_view().filter(
        ~Q(kind__in=named.values("kind")) | Q(resource__category__in=named.values("category")),
        kind__in=crisis.reach.values("kind"),
        owner__in=reached,
        borrower__in=reached,
    )


def _before(crisis: Crisis, now: datetime) -> int | None:
    """The median answer within the scope in a time as long as the crisis, up to its start."""
    length = min(crisis.until, now) - crisis.starts_at
    rows = within(crisis).filter(
        submitted_at__gte=crisis.starts_at - length,
        submitted_at__lt=crisis.starts_at,
        decided_at__isnull=False,
    )
    times = rows.order_by("pk").values_list("submitted_at", "decided_at")[:MOST]
    return _middle(minutes_to_answer(*pair) for pair in times)


def _middle(minutes) -> int | None:
    known = [number for number in minutes if number is not None]
    return round(median(known)) if known else None


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """An emergency that waits for the owner; ``due_at`` is when the city may answer."""

    request: SharingRequest
    due_at: datetime
    for_city: bool  # of a kind that the city may decide at all


def emergencies(crisis: Crisis) -> list[Emergency]:
    """Emergencies within the scope that nobody has answered, the longest waiting first."""
    rows = within(crisis).filter(state=State.REQUESTED, priority=Priority.STAT)
    rows = rows.select_related(*_shown()).order_by("submitted_at", "pk")[:MOST]
    wait = timedelta(minutes=crisis.wait_minutes)
    return [
        Emergency(
            request=row, due_at=row.submitted_at + wait, for_city=kinds[row.kind].city_decides
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a crisis reaches, in words' worth."""

    institutions: list[Institution]
    kinds: list[str]
    categories: list[Category]  # to which it is narrowed; those below them are not named


def scope_of(crisis: Crisis) -> Scope:
    rows = list(crisis.reach.values_list("institution_id", "kind").distinct())
    reached = Institution.objects.directory().filter(pk__in={pk for pk, _kind in rows})
    named = Category.objects.filter(pk__in=crisis.categories.values("category"))
    heads = named.exclude(parent__in=crisis.categories.values("category"))
    return Scope(
        institutions=list(reached.order_by("name_en", "pk")),
        kinds=sorted({k for _pk, k in rows}),
        categories=list(heads.order_by("kind", "path")),
    )


def request_in(crisis: Crisis, pk: int) -> SharingRequest | None:
    """One request within the scope, with what the rules read."""
    related = (*related_of_any("resource__"), "owner", "borrower", "created_by", "offer")
    rows = within(crisis).select_related(*related)
    return rows.filter(pk=pk).first()


def rivals_of(sharing_request: SharingRequest) -> list[SharingRequest]:
    """Undecided requests that an approval of this one leaves no room."""
    if sharing_request.blocked_from is None:
        return []  # it claims a quantity
    rows = SharingRequest.objects.in_city_view().filter(
        resource=sharing_request.resource_id, state=State.REQUESTED
    )
    meeting = rows.overlapping(sharing_request.blocked_from, sharing_request.blocked_until)
    room = sharing_request.resource.units - sharing_request.units
    beside = meeting.exclude(pk=sharing_request.pk).filter(units__gt=room)
    return list(beside.select_related("borrower").order_by("submitted_at", "pk"))
